import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { translateRequest } from '../../lambda/apis/chat-completions/request.ts';
import { translateRequest as translateEmbeddings } from '../../lambda/apis/embeddings/request.ts';
import { loadDecoder } from '../../lambda/apis/embeddings/tokens.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { wireBytes } from '../../lambda/bedrock/operations.ts';
import { bounds } from '../../lambda/bounds.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { haiku, runtimeCalls } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Growth } from './growth.ts';

const stateKey = deriveStateKey('bounds');
const url = 'https://images.example/a.png';

/** What a body becomes, in bytes as it would be sent, or the status of its refusal. */
function sent(body: object, imageBytes = 0): { bytes: number } | { status: number } {
  try {
    const fetched = new Map([[url, { mediaType: 'image/png', bytes: 'A'.repeat(imageBytes) }]]);
    const bodyBytes = JSON.stringify(body).length;
    const { canonical, n } = translateRequest(body, { stateKey, strict: false, fetched, bodyBytes });
    return { bytes: n * wireBytes(canonical.converse).length };
  } catch (error) {
    if (error instanceof GatewayError) return { status: error.status };
    throw error;
  }
}

function expectBounded(outcome: ReturnType<typeof sent>, fits: boolean): void {
  if ('bytes' in outcome) expect(outcome.bytes).toBeLessThan(1.01 * bounds.upstreamBytes);
  else expect(outcome.status).toBe(413);
  if (fits) expect(outcome).toHaveProperty('bytes');
}

inProcessOnly('functions')('what a request becomes is bounded in sum', () => {
  test('a fetched image counts each time that it is named, in each answer, wherever it stands', () => {
    const image = { type: 'image_url', image_url: { url } };
    const times = fc.record({
      places: fc.integer({ min: 1, max: 40 }),
      n: fc.integer({ min: 1, max: 8 }),
      size: fc.integer({ min: 1, max: 4_000_000 }),
      inResults: fc.boolean(),
    });
    const check = ({
      places,
      n,
      size,
      inResults,
    }: {
      places: number;
      n: number;
      size: number;
      inResults: boolean;
    }) => {
      const content = Array(places).fill(image);
      const id = 't';
      const call = { id, type: 'function', function: { name: 'f', arguments: '{}' } };
      const messages = inResults
        ? [
            { role: 'assistant', tool_calls: [call] },
            { role: 'tool', tool_call_id: id, content },
          ]
        : [{ role: 'user', content }];
      expectBounded(sent({ model: 'm', n, messages }, size), places * n * size < 0.99 * bounds.upstreamBytes);
    };
    fc.assert(fc.property(times, check), { numRuns: 25 });
  });

  test('the text of reasoning counts for each call that it is put back before', () => {
    const check = (calls: number, length: number, signed: boolean) => {
      const thinking = 'x'.repeat(length);
      const block = { type: 'thinking', thinking: '', signature: 's' };
      const tool_calls = Array.from({ length: calls }, (_, i) => ({
        id: `t${i}`,
        type: 'function',
        function: { name: 'f', arguments: '{}' },
        extra_content: { bedrock: { thinking_blocks: [block] } },
      }));
      const told = signed ? { thinking_blocks: [{ ...block, thinking }] } : { reasoning_content: thinking };
      const messages = [{ role: 'assistant', tool_calls, ...told }];
      expectBounded(sent({ model: 'm', messages }), calls * (length + 200) < 0.9 * bounds.upstreamBytes);
    };
    const counts = fc.integer({ min: 1, max: 200 });
    fc.assert(fc.property(counts, fc.integer({ min: 0, max: 500_000 }), fc.boolean(), check), {
      numRuns: 25,
    });
  });

  test('the name and the id of a call count for each that its arguments hold', () => {
    const name = 'f'.repeat(bounds.nameCharacters);
    const call = (i: number) => ({
      id: `${i}`.padEnd(bounds.idCharacters, 'i'),
      function: { name, arguments: '{}'.repeat(bounds.callsInOne) },
    });
    const messages = (calls: number) => [
      { role: 'assistant', tool_calls: Array.from({ length: calls }, (_, i) => call(i)) },
    ];
    expectBounded(sent({ model: 'm', messages: messages(3) }), true);
    expect(sent({ model: 'm', messages: messages(3000) })).toEqual({ status: 413 });
  });

  test.each([
    [
      'calls in the arguments of one',
      { tool_calls: [{ id: 't', function: { name: 'f', arguments: '{}'.repeat(65) } }] },
    ],
    [
      'characters of a tool’s name',
      { tool_calls: [{ id: 't', function: { name: 'f'.repeat(1025), arguments: '{}' } }] },
    ],
    [
      'characters of a name in the older form',
      { function_call: { name: 'f'.repeat(1025), arguments: '{}' } },
    ],
  ])('too many %s are a 400', (_, message) => {
    expect(sent({ model: 'm', messages: [{ role: 'assistant', ...message }] })).toEqual({ status: 400 });
  });

  test.each([
    ['characters of a tool’s name', { tools: [{ type: 'function', function: { name: 'f'.repeat(1025) } }] }],
    ['fallbacks', { models: Array(51).fill('m') }],
    ['characters of a fallback’s name', { fallbacks: ['m'.repeat(2049)] }],
  ])('too many %s are a 400 (parameters)', (_, more) => {
    expect(sent({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...more })).toEqual({
      status: 400,
    });
  });
});

inProcessOnly('functions')('tokens in place of texts', () => {
  const read = (input: unknown) =>
    translateEmbeddings({ model: 'm', input }, { strict: false, decoder: loadDecoder });

  test.each([
    ['in one list', (n: number) => Array(n).fill(15339)],
    ['in several', (n: number) => Array(100).fill(Array(n / 100).fill(15339))],
  ])('are counted together: %s', async (_, make) => {
    await expect(read(make(bounds.embeddingTokens + 100))).rejects.toMatchObject({
      status: 400,
      param: 'input',
    });
    await expect(read(make(1000))).resolves.toMatchObject({ request: { model: 'm' } });
  });

  test('and so is the text that they stand for', async () => {
    const { default: table } = await import('gpt-tokenizer/bpeRanks/cl100k_base');
    const longest = table.reduce(
      (found, bytes, i) => (bytes.length > (table[found]?.length ?? 0) ? i : found),
      0,
    );
    await expect(read(Array(bounds.embeddingTokens).fill(longest))).rejects.toMatchObject({ status: 413 });
  });
});

describe('the calls of a request are bounded together', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      env: { GATEWAY_REGIONS: 'us-east-1,us-west-2,us-east-2', AWS_MAX_ATTEMPTS: '10' },
      gateway: { clock: quickClock() },
    });
  });
  afterAll(() => stack.close());

  const models = ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0', 'us.amazon.nova-micro-v1:0'];
  const failures = ['throttle', 'unavailable', 'model-error'];
  const ask = (scenario: string, more: object) =>
    stack.post('/chat/completions', {
      model: haiku,
      models,
      messages: [{ role: 'user', content: `[[${scenario}]] Hello` }],
      ...more,
    });

  test.each(
    failures.flatMap((scenario) =>
      [1, 8].flatMap((n) => [false, true].map((stream) => ({ scenario, n, stream }))),
    ),
  )('$scenario, n $n, stream $stream', async ({ scenario, n, stream }) => {
    const before = runtimeCalls(stack).length;
    const response = await ask(scenario, { n, stream });
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect(response.status).toBeGreaterThanOrEqual(429);
    // What Bedrock said last, not that the calls are used up: nobody can do anything with that alone.
    expect(error.code).not.toBe('calls_used_up');
    expect(error.message).toMatch(/Tried /);
    const calls = runtimeCalls(stack).length - before;
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(bounds.upstreamCalls);
  });

  test('one answer of several that fail is one answer that was not given: an error that says what to do', async () => {
    const response = await ask('throttle', { n: 8, models: [] });
    expect(response.status).toBe(429);
    await response.text();
  });

  test('as many texts as are allowed may still be embedded one by one', async () => {
    const input = Array.from({ length: 2 * bounds.upstreamCalls }, (_, i) => `text ${i}`);
    const response = await stack.post('/embeddings', { model: 'amazon.titan-embed-text-v2:0', input });
    expect(response.status).toBe(200);
    const { data } = (await response.json()) as { data: unknown[] };
    expect(data).toHaveLength(input.length);
  });
});

inProcessOnly('functions')('work grows with the size of a request, never with a product of two parts', () => {
  const script = join(import.meta.dirname, 'growth-process.ts');
  let grown: Growth[] = [];
  beforeAll(() => {
    // Minutes more than it takes: a loop within a loop would need hours for a megabyte.
    const run = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 240_000 });
    expect({ status: run.status, stderr: run.status === 0 ? '' : run.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    grown = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }, 250_000);

  test('twice the size takes twice the steps', () => {
    expect(grown.length).toBeGreaterThan(30);
    const tooSteep = grown.filter(({ steps: [once, twice] }) => twice > 2.4 * once);
    expect(tooSteep).toEqual([]);
  });

  test('what is sent is a few times the request at most', () => {
    const tooLarge = grown.filter(({ large: { bytes, sent: out = 0 } }) => out > 8 * bytes);
    expect(tooLarge).toEqual([]);
  });
});
