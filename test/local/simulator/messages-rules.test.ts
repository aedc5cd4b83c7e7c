import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { bodyRules } from '../../../local/simulator/invoke/claude/rules/table.ts';
import { familyOf } from '../../../local/simulator/models/families.ts';
import { rules } from '../../../local/simulator/rules/check.ts';
import { runtime } from './helpers.ts';
import { invoke, nativeOf, streamed } from './messages.ts';
import { type BodyCase, conversationCases, fieldCases, shapeCases } from './messages-cases.ts';
import { ruleCases } from './rule-cases.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
afterAll(() => simulator.close());

const refusal = (message: string) => ({
  name: 'ValidationException',
  message,
  $metadata: { httpStatusCode: 400 },
});

async function holds({ model, bad, says, good, goodModel }: BodyCase) {
  const client = runtime(simulator);
  await expect(invoke(client, model, bad)).rejects.toMatchObject(refusal(says));
  await expect(streamed(client, model, bad)).rejects.toMatchObject(refusal(says));
  expect(await invoke(client, goodModel ?? model, good)).toMatchObject({ type: 'message' });
}

describe('every refusal is in Anthropic’s words, streamed or not', () => {
  test.each([...fieldCases, ...shapeCases, ...conversationCases])('$rule', holds);

  test('no rule of a body is without a case, and names are unique', () => {
    const names = bodyRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(conversationCases.map(({ rule }) => rule)).toEqual(names);
  });
});

/** What Converse says otherwise, by rule. */
const otherWords: Record<string, string> = {
  'max tokens': 'max_tokens: 4097 > 4096, which is the maximum allowed number of output tokens for',
  'a schema says its type': 'tools.0.custom.input_schema.type: Field required',
  // A point is a block of its own, a mark is not.
  'one hour before five minutes': `messages.0.content.0.cache_control.ttl: a ttl='1h'`,
};

const wrapper = 'The model returned the following errors: ';
const isClaude = (model: string) => familyOf(model.replace(/^[a-z]+\./, '')).provider === 'anthropic';

/** Rules that look at what a body of the Messages API does not have, or at where Converse keeps it. */
const converseOnly = new Set([
  // A mark stands on the document itself.
  'no cache point after a document or video',
  // Bytes of a text are a text already.
  'a text document is UTF-8',
  // The body itself is looked at, with its tools.
  'the form of Claude’s own fields',
  'a choice in Claude’s own words is among the tools',
  // Which model takes which flag is known here alone (its own cases).
  'beta flags',
]);

/** The cases of all rules that Converse and InvokeModel of Claude share. */
const shared = ruleCases.filter(({ rule, model }) => {
  const { from, onInvoke } = rules.find(({ name }) => name === rule)!;
  return isClaude(model) && (from === 'provider' || onInvoke) && !converseOnly.has(rule);
});

describe('Converse and InvokeModel refuse the same, the latter without Bedrock’s own words before it', () => {
  test.each(shared)('$rule', async ({ rule, model, bad, says, good, goodModel }) => {
    const client = runtime(simulator);
    const words = (otherWords[rule] ?? says).replace(wrapper, '');
    const error = await invoke(client, model, nativeOf(bad)).catch((thrown: Error) => thrown);
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toContain(wrapper);
    if (isClaude(goodModel ?? model))
      expect(await invoke(client, goodModel ?? model, nativeOf(good))).toMatchObject({ type: 'message' });
  });

  test('and these are most of them', () => {
    expect(shared.length).toBeGreaterThan(45);
  });
});

describe('caching, where Converse has points and a body has marks', () => {
  const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } });
  const block = (ttl?: string) => ({ type: 'text', text: 'Hi', ...mark(ttl) });
  const body = (system: object[], content: object[]) => ({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 10,
    system,
    messages: [{ role: 'user', content }],
  });
  const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

  test.each<[string, object, string, string]>([
    [
      haiku,
      body([block()], [block(), block(), block(), block()]),
      'ValidationException',
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
    [
      haiku,
      body([block('5m')], [{ type: 'text', text: 'a' }, block('1h')]),
      'ValidationException',
      "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
    ],
    [
      'anthropic.claude-3-haiku-20240307-v1:0',
      body([], [block()]),
      'AccessDeniedException',
      'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.',
    ],
  ])('%s', async (model, sent, name, message) => {
    await expect(invoke(runtime(simulator), model, sent)).rejects.toMatchObject({ name, message });
  });
});

describe('headers', () => {
  const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
  };
  const violation = (value: string, path: string, set: string) =>
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must satisfy ${set}`;

  test.each<[object, string]>([
    [
      { serviceTier: 'gold' },
      violation('gold', 'serviceTier', 'enum value set: [priority, default, flex, reserved]'),
    ],
    [
      { performanceConfigLatency: 'warp' },
      violation('warp', 'performanceConfigLatency', 'enum value set: [standard, optimized]'),
    ],
    [
      { performanceConfigLatency: 'optimized' },
      `This model doesn't support the performanceConfig.latency field. Remove performanceConfig.latency and try again.`,
    ],
    [{ trace: 'LOUD' }, violation('LOUD', 'trace', 'enum value set: [ENABLED, DISABLED, ENABLED_FULL]')],
    [
      { requestMetadata: 'no json' },
      'The requestMetadata value is not a valid JSON object. Check the format and try again.',
    ],
    [
      { requestMetadata: '{"k":"a;b"}' },
      violation(
        'a;b',
        'requestMetadata.k.member',
        'regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,\\-.]*',
      ),
    ],
    [
      { guardrailIdentifier: 'abc123' },
      'A guardrail needs both guardrailIdentifier and guardrailVersion. Provide both and try again.',
    ],
    [
      { guardrailIdentifier: 'nobodys', guardrailVersion: '1' },
      'The guardrail identifier or version provided in the request does not exist.',
    ],
  ])('%j', async (more, message) => {
    await expect(invoke(runtime(simulator), haiku, body, more)).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  test('that are right are told back, and Claude Code’s own are no concern of Bedrock', async () => {
    const more = { serviceTier: 'flex' as const, requestMetadata: '{"team":"a b"}' };
    expect(await invoke(runtime(simulator), haiku, body, more)).toMatchObject({ type: 'message' });
    expect(simulator.calls.at(-1)?.headers['x-amzn-bedrock-service-tier']).toBe('flex');
  });
});
