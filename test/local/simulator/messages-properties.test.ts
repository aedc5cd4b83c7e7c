import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import { BedrockError } from '../../../local/simulator/errors.ts';
import { answerMessages } from '../../../local/simulator/invoke/claude/messages.ts';
import { findModel } from '../../../local/simulator/models/find.ts';
import { World } from '../../../local/simulator/world.ts';
import { png } from './blocks.ts';
import { models } from './rule-cases.ts';

const world = new World({ region: 'us-east-1', account: '123456789012', strict: true, now: () => 0 });
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png() } };

/** Something of everything; accepted as it is. */
const rich = {
  anthropic_version: 'bedrock-2023-05-31',
  anthropic_beta: ['tool-search-tool-2025-10-19'],
  max_tokens: 2000,
  system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
  thinking: { type: 'enabled', budget_tokens: 1024 },
  metadata: { user_id: 'u' },
  stop_sequences: ['END'],
  tools: [
    { name: 'search', description: 'Finds tools', input_schema: { type: 'object', properties: {} } },
    { name: 'later', input_schema: { type: 'object' }, defer_loading: true },
    { type: 'bash_20250124', name: 'bash' },
  ],
  tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        image,
        {
          type: 'document',
          title: 'notes',
          source: { type: 'content', content: [{ type: 'text', text: 'x' }] },
        },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm', signature: signatureOf('Hm') },
        { type: 'tool_use', id: 't1', name: 'search', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't1',
          content: [{ type: 'tool_reference', tool_name: 'later' }, image],
        },
      ],
    },
  ],
};

/** And one that asks for JSON. */
const formatted = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Hi' }],
  output_config: {
    format: {
      type: 'json_schema',
      schema: {
        type: 'object',
        properties: {
          a: { type: ['string', 'null'], enum: ['x', null] },
          b: { type: 'array', items: { $ref: '#/$defs/c' } },
        },
        $defs: { c: { anyOf: [{ type: 'integer' }, { const: 'y' }] } },
        required: ['a'],
        additionalProperties: false,
      },
    },
  },
};
const bodies = [rich, formatted];

type Path = (string | number)[];

/** Where every value of the body stands. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.keys(value).flatMap((key) =>
          pathsOf((value as Record<string, unknown>)[key], [
            ...path,
            Array.isArray(value) ? Number(key) : key,
          ]),
        )
      : [];
  return path.length > 0 ? [path, ...inside] : inside;
}

function replaced(body: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(body);
  const last = path.at(-1)!;
  const owner = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], copy as unknown);
  (owner as Record<string, unknown>)[last] = value;
  return JSON.parse(JSON.stringify(copy));
}

function answer(body: unknown, streams: boolean): unknown {
  const model = findModel(models.haiku45, 'us-east-1', world);
  const operation = streams ? 'invoke-with-response-stream' : 'invoke';
  const call = {
    operation,
    modelId: models.haiku45,
    model,
    body,
    headers: {},
    region: 'us-east-1',
    world,
  } as const;
  try {
    return { steps: [...answerMessages(call, streams).steps].length };
  } catch (error) {
    if (error instanceof BedrockError) return { refused: error.exception };
    throw error;
  }
}

test('a body with something of everything is answered', () => {
  for (const body of bodies) {
    expect(answer(body, false)).toEqual({ steps: 1 });
    expect(answer(body, true)).toEqual({ steps: expect.any(Number) });
  }
});

test('whatever stands where in a body, it is answered or refused as Bedrock does', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      null,
      '',
      ' ',
      -1,
      1.5,
      [],
      {},
      [null],
      { type: 'text' },
      { type: 'ephemeral', ttl: '1h' },
    ),
    fc.constantFrom(...bodies.flatMap((body) => pathsOf(body)).map((path) => path.at(-1)!)),
    fc.constantFrom<unknown>(...rich.messages.flatMap(({ content }): unknown[] => content)),
  );
  const place = fc.constantFrom(...bodies.flatMap((body) => pathsOf(body).map((path) => ({ body, path }))));
  fc.assert(
    fc.property(place, value, fc.boolean(), ({ body, path }, other, streams) => {
      const outcome = answer(replaced(body, path, other), streams);
      expect(Object.keys(outcome as object)[0]).toMatch(/^(steps|refused)$/);
    }),
    { numRuns: 2000 },
  );
});
