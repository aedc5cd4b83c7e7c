import { expect, test } from 'vitest';
import { repairFor } from '../../../lambda/engine/repairs/repair.ts';
import { teach } from '../../../lambda/engine/teachings.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { createLearned } from '../../../lambda/models/learned.ts';
import { able } from '../../support/capabilities.ts';

const modelId = 'anthropic.claude-any';
const capabilities = able({
  messages: { betas: ['interleaved-thinking-2025-05-14'], typedTools: [] },
  responses: { tiers: [] },
  chat: 'gpt',
});

const { messages, responses } = capabilities;

/** What is said of one request, then of the model in the same member, and what that alone teaches. */
const pairs: [ofOneRequest: string, ofTheModel: string, taught: object][] = [
  [
    'invalid beta flag',
    'metadata: Extra inputs are not permitted',
    { messages: { ...messages, refused: ['metadata'] } },
  ],
  [
    'The encrypted content gAAAAA could not be verified.',
    "Unknown parameter: 'truncation'.",
    { responses: { ...responses, refused: ['truncation'] } },
  ],
  [
    "Invalid schema for response_format 'answer': too deep",
    "Unknown parameter: 'truncation'.",
    { responses: { ...responses, refused: ['truncation'] } },
  ],
  [
    "Unknown parameter: 'made_up_by_a_client'.",
    "Unknown parameter: 'truncation'.",
    { responses: { ...responses, refused: ['truncation'] } },
  ],
  [
    'The compiled grammar is too large, which would cause performance issues.',
    'metadata: Extra inputs are not permitted',
    { messages: { ...messages, refused: ['metadata'] } },
  ],
];

const repaired = (message: string, believed = capabilities) => {
  const upstream = { name: 'ValidationException', message, status: 400 };
  const error = new GatewayError({ status: 400, reason: 'bad_request', message: 'refused', upstream });
  const repair = repairFor(error, believed);
  return repair && { ...repair, modelId };
};

test.each(pairs)('after %s nothing else is learned of the model from %s', async (first, then, taught) => {
  const one = repaired(first)!;
  const other = repaired(then, { ...capabilities, ...one.correction })!;
  const learned = createLearned({ now: () => 0 });
  const target = { asked: 'm', id: modelId, region: 'us-east-1', backend: 'converse', capabilities } as const;
  const call = {
    target: { ...target, reportAs: 'm', warnings: [] },
    warnings: [],
    repairs: 2,
    lessons: [one, other],
  };
  const canonical = () => ({ model: 'm', converse: { messages: [] }, intent: {} });
  await teach(call, { canonical }, 'm', {}, learned);
  expect(one.onlyThisRequest).toBe(true);
  expect(learned.of(modelId)).toEqual(taught);
});
