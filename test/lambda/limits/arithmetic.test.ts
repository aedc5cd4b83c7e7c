import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, openAiLimitHeaders } from '../../../lambda/apis/openai/limit-headers.ts';
import { parseExactly } from '../../../lambda/canonical/json.ts';
import type { ConverseRequest, JsonObject } from '../../../lambda/canonical/types.ts';
import { dollarsOf, picoOf } from '../../../lambda/limits/amount.ts';
import { type AnyCall, askedTokens, boundByBytes as bound, lowered } from '../../../lambda/limits/asked.ts';
import { lowerTo } from '../../../lambda/limits/lower.ts';
import { type Priced, pricedCall } from '../../../lambda/limits/priced.ts';
import { endOf, windowsAt } from '../../../lambda/limits/windows.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { createPricing } from '../../../lambda/prices/load.ts';

describe('money', () => {
  test.each([
    [0.45, 450_000_000_000n, '0.45'],
    [25, 25_000_000_000_000n, '25'],
    [0.000001, 1_000_000n, '0.000001'],
    [1234567.891234, 1_234_567_891_234_000_000n, '1234567.891234'],
  ])('%d dollars', (dollars, pico, text) => {
    expect(picoOf(dollars)).toBe(pico);
    expect(dollarsOf(pico)).toBe(text);
  });

  test('is exact both ways', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (pico) => {
        const [whole = '', fraction = ''] = dollarsOf(pico).replace('-', '').split('.');
        const back = BigInt(whole + fraction.padEnd(12, '0'));
        expect(pico < 0n ? -back : back).toBe(pico);
      }),
    );
  });
});

describe('windows', () => {
  test.each([
    ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['2026-12-31T12:34:56.000Z', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ])('of %s', (at, day, month) => {
    const windows = windowsAt(Date.parse(at));
    expect(new Date(endOf('day', windows.day)).toISOString()).toBe(day);
    expect(new Date(endOf('month', windows.month)).toISOString()).toBe(month);
  });

  test('every moment is before the end of its windows, and the end is in the next ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
        const windows = windowsAt(at);
        for (const name of ['minute', 'day', 'month'] as const) {
          const end = endOf(name, windows[name]);
          expect(end).toBeGreaterThan(at);
          expect(windowsAt(end)[name]).toBe(windows[name] + 1);
          expect(windowsAt(end - 1)[name]).toBe(windows[name]);
        }
      }),
    );
  });
});

test('O21 durations are as Go writes them', () => {
  expect([0, 12, 999, 1000, 1500, 59_999, 60_000, 360_000, 3_600_000, 5_400_500].map(duration)).toEqual([
    ...['0ms', '12ms', '999ms', '1s', '1.5s', '59.999s', '1m0s', '6m0s', '1h0m0s', '1h30m0.5s'],
  ]);
  fc.assert(
    fc.property(fc.double({ min: -1000, max: 1e9, noNaN: true }), (ms) => {
      const { 'x-ratelimit-reset-requests': reset } = openAiLimitHeaders(
        { requests: { limit: 1, remaining: 0, resetsAt: ms } },
        0,
      );
      expect(reset).toMatch(/^(\d+ms|(\d+h)?(\d+m)?\d+(\.\d+)?s)$/);
    }),
  );
});

const target = {
  asked: 'm',
  id: 'm',
  region: 'us-east-1',
  backend: 'converse',
  capabilities: capabilitiesOf('us.anthropic.claude-haiku-4-5-20251001-v1:0'),
  reportAs: 'm',
  warnings: [],
} as const;
const call = (more: Partial<AnyCall>): AnyCall => ({
  target: { ...target, warnings: [] },
  signal: new AbortController().signal,
  ...more,
});
const boundByBytes = (value: unknown) => bound(value).tokens;
const text = (words: string) => [{ role: 'user' as const, content: [{ text: words }] }];

describe('what a call may come to', () => {
  test('its text by the bytes, and not below the better estimate', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        const asked = askedTokens(call({ request: { messages: text(words) } }));
        expect(asked?.input).toBeGreaterThanOrEqual(Buffer.byteLength(words) / 3);
      }),
    );
  });

  test('an image is an image, and the same bytes in a tool’s schema are text', () => {
    const bytes = 'A'.repeat(3_000_000);
    const image = { image: { format: 'png' as const, source: { bytes } } };
    expect(boundByBytes({ messages: [{ content: [image] }] })).toBeLessThan(6000);
    expect(boundByBytes({ toolConfig: { tools: [{ toolSpec: { source: { bytes } } }] } })).toBe(
      Math.ceil((bytes.length + 2 + 'toolConfigtoolstoolSpecsourcebytes'.length + 5 * 3) / 3),
    );
    expect(
      boundByBytes({ input: [{ type: 'input_image', image_url: `data:image/png;base64,${bytes}` }] }),
    ).toBeLessThan(6000);
    expect(boundByBytes({ input: [{ type: 'input_text', image_url: bytes }] })).toBeGreaterThan(900_000);
  });

  const words = 'A'.repeat(300_000);
  const picture = `data:image/png;base64,${words}`;
  test.each<[string, object]>([
    [
      'the arguments of a call, in Converse',
      { messages: [{ content: [{ toolUse: { input: { bytes: words } } }] }] },
    ],
    [
      'the arguments of a call, in Messages',
      { messages: [{ content: [{ type: 'tool_use', input: { type: 'base64', data: words } }] }] },
    ],
    [
      'deep in the arguments of a call',
      { messages: [{ content: [{ type: 'tool_use', input: { a: [{ image_url: { url: picture } }] } }] }] },
    ],
    [
      'the address of a search',
      { input: [{ type: 'web_search_call', action: { type: 'open', url: picture } }] },
    ],
    [
      'a file of text',
      { input: [{ content: [{ type: 'input_file', file_data: `data:text/plain;base64,${words}` }] }] },
    ],
  ])('%s is text, whatever it looks like', (_, body) => {
    expect(boundByBytes(body)).toBeGreaterThan((words.length * 0.75) / 3);
  });

  test.each<[string, object]>([
    ['an image of Converse', { messages: [{ content: [{ image: { source: { bytes: words } } }] }] }],
    ['an image of Messages', { messages: [{ content: [{ source: { type: 'base64', data: words } }] }] }],
    ['an image of Chat', { messages: [{ content: [{ image_url: { url: picture, detail: 'high' } }] }] }],
    ['an image of Responses', { input: [{ content: [{ type: 'input_image', image_url: picture }] }] }],
    ['a PDF', { input: [{ content: [{ file_data: `data:application/pdf;base64,JVBERi0x${words}` }] }] }],
  ])('%s is a file', (_, body) => {
    expect(boundByBytes(body)).toBeLessThan(20_000);
  });

  test('never more than the model can read', () => {
    const asked = askedTokens(call({ request: { messages: text('x'.repeat(3_000_000)) } }));
    expect(asked?.input).toBe(target.capabilities.contextTokens);
  });

  test.each<[string, Partial<AnyCall>]>([
    [
      'Converse',
      {
        request: {
          messages: text('x'.repeat(3_000_000)),
          additionalModelRequestFields: { anthropic_beta: ['x', 'context-1m-2025-08-07'] },
        },
      },
    ],
    [
      'Messages',
      {
        native: {
          api: 'messages',
          body: { anthropic_beta: ['context-1m-2025-08-07'], messages: 'x'.repeat(3_000_000) },
          betas: [],
          settings: {},
        },
      },
    ],
  ])('in %s the flag for a million tokens of context has the model read that many', (_, asked) => {
    expect(askedTokens(call(asked))?.input).toBeGreaterThanOrEqual(1_000_000);
  });

  const s3 = { s3Location: { uri: 's3://bucket/object' } };
  test.each<[string, object]>([
    ['a video', { video: { format: 'mp4', source: { bytes: 'A'.repeat(300) } } }],
    ['a recording', { audio: { format: 'mp3', source: { bytes: 'A'.repeat(300) } } }],
    ['a video in S3', { video: { format: 'mp4', source: s3 } }],
    ['a document in S3', { document: { format: 'pdf', name: 'a', source: s3 } }],
    [
      'one in the result of a tool',
      { toolResult: { toolUseId: 'a', content: [{ document: { format: 'pdf', name: 'a', source: s3 } }] } },
    ],
  ])('%s does not say how long it is: as much as the model can read', (_, block) => {
    const request = { messages: [{ role: 'user', content: [block] }] } as unknown as ConverseRequest;
    expect(askedTokens(call({ request }))?.input).toBe(target.capabilities.contextTokens);
    const capabilities = { ...target.capabilities, contextTokens: undefined };
    const unknown = { ...call({ request }), target: { ...target, warnings: [], capabilities } } as AnyCall;
    expect(askedTokens(unknown)?.input).toBe(1_000_000);
    // By rates it counts afterwards: else a small recording would never fit.
    expect(askedTokens(unknown)?.visible).toBeLessThan(12_000);
  });

  test.each<[string, object]>([
    ['an image in S3', { image: { format: 'png', source: s3 } }],
    [
      'what a tool says of videos',
      {
        toolResult: {
          toolUseId: 'a',
          content: [{ json: { video: { format: 'mp4', title: 'A' }, audio: 1 } }],
        },
      },
    ],
    ['what a tool is asked about them', { toolUse: { toolUseId: 'a', name: 'a', input: { source: s3 } } }],
  ])('%s is not', (_, block) => {
    const request = { messages: [{ role: 'user', content: [block] }] } as unknown as ConverseRequest;
    expect(askedTokens(call({ request }))?.input).toBeLessThan(6000);
  });

  test.each<[string, object, number]>([
    ['once', {}, 1],
    [
      'once where old results are left out',
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      1,
    ],
    [
      'twice where a conversation may be compacted',
      { context_management: { edits: [{ type: 'compact_20260112' }] } },
      2,
    ],
    ['twice where it is to be', { compaction: { type: 'summarize' } }, 2],
  ])('it is read and written %s', (_, body, times) => {
    const native = { api: 'messages', body: { max_tokens: 50, ...body }, betas: [], settings: {} } as const;
    const pricing = createPricing({ prices: {} });
    const cost = (one: AnyCall) => pricedCall(one, pricing, { allowUnpriced: false }, Date.now()).cost(50);
    const id = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
    const asked = { ...call({ native }), target: { ...target, id, warnings: [] } } as AnyCall;
    const tokens = askedTokens(asked);
    const once = pricing.bound(
      { modelId: id, region: target.region, at: Date.now() },
      { ...tokens!, output: 50 },
    );
    expect(tokens?.samplings).toBe(times);
    expect(cost(asked)).toBe((once.pico ?? 0n) * BigInt(times));
  });

  test('every text, name and number by its bytes', () => {
    const sizeOf = (value: unknown): number => {
      if (typeof value !== 'object' || value === null) return Buffer.byteLength(String(value));
      const entries = Object.entries(value);
      const names = Array.isArray(value) ? 0 : entries.reduce((sum, [name]) => sum + sizeOf(name), 0);
      return entries.reduce((sum, [, member]) => sum + sizeOf(member), names);
    };
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        expect(boundByBytes({ value })).toBeGreaterThanOrEqual(sizeOf({ value }) / 3);
      }),
    );
    const numbers = Array.from({ length: 1000 }, (_, i) => (i + 1) * 1.234_567_890_123_4e-200);
    expect(boundByBytes({ enum: numbers })).toBeGreaterThanOrEqual(JSON.stringify(numbers).length / 3);
    const digits = '9'.repeat(300);
    expect(boundByBytes({ value: parseExactly(`{"id":${digits}}`) })).toBeGreaterThanOrEqual(100);
  });

  const long = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  test.each<[string, object]>([
    ['on the request', long],
    ['on a tool', { tools: [{ name: 'a', ...long }] }],
    ['on a block', { messages: [{ content: [{ type: 'text', text: 'a', ...long }] }] }],
    [
      'within the result of a tool',
      { messages: [{ content: [{ type: 'tool_result', content: [{ type: 'text', text: 'a', ...long }] }] }] },
    ],
    [
      'on a tool that a conversation defines',
      {
        messages: [
          {
            content: [
              {
                type: 'tool_addition',
                tool: { type: 'tool_definition', definition: { name: 'a', ...long } },
              },
            ],
          },
        ],
      },
    ],
  ])('a mark for an hour %s is reckoned with', (_, body) => {
    const native = { api: 'messages', body: body as JsonObject, betas: [], settings: {} } as const;
    expect(askedTokens(call({ native }))?.cacheWrite).toBe('1h');
  });

  test.each([
    ['no cache points', {}, undefined],
    ['a cache point', { system: [{ cachePoint: { type: 'default' as const } }] }, '5m'],
    ['one for an hour', { system: [{ cachePoint: { type: 'default' as const, ttl: '1h' as const } }] }, '1h'],
  ])('%s', (_, more, cacheWrite) => {
    expect(askedTokens(call({ request: { messages: text('Hi'), ...more } }))?.cacheWrite).toBe(cacheWrite);
  });

  test('a model that keeps what it likes: a cache write is reckoned with', () => {
    const capabilities = { ...target.capabilities };
    delete capabilities.caching;
    const asked = askedTokens({
      ...call({ request: { messages: text('Hi') } }),
      target: { ...target, warnings: [], capabilities },
    });
    expect(asked?.cacheWrite).toBe('5m');
  });

  test('less may be written in each shape, and what it was made of stays', () => {
    const settings = {};
    const messages = { api: 'messages', body: { max_tokens: 9 }, betas: [], settings } as const;
    const responses = { api: 'responses', body: { max_output_tokens: 9 }, betas: [], settings } as const;
    expect(lowered(call({ native: messages }), 5).native?.body).toEqual({ max_tokens: 5 });
    expect(lowered(call({ native: responses }), 5).native?.body).toEqual({ max_output_tokens: 5 });
    expect(messages.body.max_tokens).toBe(9);
  });
});

describe('what is left of a budget', () => {
  const asked = (thinking: number, isCapped = true): Priced => ({
    tokens: {
      input: 100,
      visible: 100,
      likely: 100,
      samplings: 1,
      output: 50_000,
      tier: undefined,
      isCapped,
      thinking,
    },
    cost: (output) => BigInt(100 + 5 * output),
  });
  const refused = (left: bigint) => ({
    limit: 'dollarsPerDay' as const,
    never: false,
    left,
    resetsAt: 0,
    asked: 0n,
    holder: { kind: 'key' as const, name: 'k', limits: {} },
  });

  test('the most that it carries is found, for one call and for several', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 400_000n }), fc.integer({ min: 1, max: 5 }), (left, calls) => {
        const output = lowerTo(asked(0), refused(left), { taken: 0n, calls, output: 50_000 });
        const each = left / BigInt(calls);
        const most = Number((each - 100n) / 5n);
        if (most < 256) expect(output).toBeUndefined();
        else expect(output).toBe(Math.min(most, 49_999));
      }),
    );
  });

  test('a thinking budget has to fit into it', () => {
    expect(lowerTo(asked(4000), refused(100n + 5n * 4255n), { taken: 0n, calls: 1, output: 9000 })).toBe(
      undefined,
    );
    expect(lowerTo(asked(4000), refused(100n + 5n * 4300n), { taken: 0n, calls: 1, output: 9000 })).toBe(
      4300,
    );
  });

  test('a call that does not say how much may be written is not made to', () => {
    expect(
      lowerTo(asked(0, false), refused(200_000n), { taken: 0n, calls: 1, output: 50_000 }),
    ).toBeUndefined();
  });
});
