import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messages } from '../../../lambda/apis/messages/api.ts';
import type { ReadMessages } from '../../../lambda/apis/messages/request.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import type { CanonicalRequest } from '../../../lambda/canonical/request.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { refusal, textModels } from '../../support/simulated-models.ts';

const api = messages({ strict: false });
const stateKey = deriveStateKey('properties');
const fetched = new Map([['https://example.com/a', { mediaType: 'image/png', bytes: 'aGVsbG8=' }]]);

function read(body: Record<string, unknown>, headers = new Headers()): ReadMessages {
  return api.begin(body, headers).read({ stateKey, fetched, bodyBytes: 1000 }).model;
}

/** Whatever a client sends, it gets a request or an error that is its own fault. */
function readOrRefused(body: Record<string, unknown>): CanonicalRequest | undefined {
  try {
    return read(body).canonical();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect([400, 413]).toContain(error.status);
    return undefined;
  }
}

const word = fc.constantFrom('a', 'get_weather', 'x y', '', ' ', 'é', '__proto__', 'constructor');
const mark = fc.constantFrom({}, { cache_control: { type: 'ephemeral' } }, { cache_control: { ttl: '1h' } });
const marked = <T extends object>(block: fc.Arbitrary<T>) =>
  fc.tuple(block, mark).map(([one, its]) => ({ ...one, ...its }));

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const text = fc.record({ type: fc.constant('text'), text: fc.oneof(word, fc.string()) });
const plainDocument = fc.record({
  type: fc.constant('document'),
  title: fc.option(word),
  source: fc.oneof(
    fc.constant({ type: 'text', media_type: 'text/plain', data: 'Water is wet.' }),
    fc.record({ type: fc.constant('content'), content: fc.oneof(word, fc.array(text, { maxLength: 2 })) }),
    fc.constant({ type: 'base64', media_type: 'text/markdown', data: 'IyBXYXRlcg==' }),
  ),
  citations: fc.constantFrom(undefined, null, { enabled: false }, { enabled: true }),
});
const searchResult = fc.record({
  type: fc.constant('search_result'),
  source: fc.constant('https://example.com'),
  title: fc.constant('A'),
  content: fc.array(
    text.map((block) => ({ ...block, text: `a${block.text}` })),
    { minLength: 1, maxLength: 2 },
  ),
});
const serverBlock = fc.constantFrom(
  { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
  { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
  { type: 'compaction', content: 'So far.' },
  { type: 'compaction', content: null },
  { type: 'something_new' },
);
const id = fc.constantFrom('toolu_1', 'toolu_2', 'b b', 'x'.repeat(600));
const result = fc.record({
  type: fc.constant('tool_result'),
  tool_use_id: id,
  is_error: fc.option(fc.boolean()),
  content: fc.option(
    fc.oneof(
      word,
      fc.array(
        fc.oneof(
          text,
          searchResult,
          plainDocument,
          fc.constant({ type: 'tool_reference', tool_name: 'late' }),
        ),
        {
          maxLength: 3,
        },
      ),
    ),
  ),
});
const call = fc.record({
  type: fc.constant('tool_use'),
  id,
  name: fc.constantFrom('get_weather', 'gone', 'late', 'with space'),
  input: fc.dictionary(word, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
});
const foreignThinking = fc.constantFrom(
  { type: 'thinking', thinking: 'Hm.', signature: '' },
  { type: 'thinking', thinking: 'Hm.' },
);
const blocks = (...kinds: fc.Arbitrary<object>[]) => fc.array(marked(fc.oneof(...kinds)), { maxLength: 4 });
const turn = fc.oneof(
  fc.record({ role: fc.constant('user'), content: fc.oneof(word, blocks(text, result, searchResult)) }),
  fc.record({ role: fc.constant('user'), content: blocks(text, plainDocument) }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(word, blocks(text, call, foreignThinking, serverBlock)),
  }),
  fc.record({ role: fc.constant('system'), content: fc.oneof(word, blocks(text)) }),
);
const schema = { type: 'object', properties: { city: { type: 'string' } } };
const tools = fc.subarray<object>([
  { name: 'get_weather', description: 'Weather', input_schema: schema },
  { name: 'late', input_schema: {}, defer_loading: true },
  { name: 'never', input_schema: schema, defer_loading: true, cache_control: { type: 'ephemeral' } },
  { type: 'bash_20250124', name: 'bash' },
  { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
  { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
]);

/** Requests that are well-formed, however odd. */
const request = fc.record(
  {
    max_tokens: fc.integer({ min: 1, max: 3000 }),
    messages: fc.array(turn, { minLength: 1, maxLength: 6 }),
    system: fc.oneof(word, fc.array(marked(text), { maxLength: 2 })),
    tools,
    tool_choice: fc.constantFrom(
      { type: 'auto' },
      { type: 'none' },
      { type: 'auto', disable_parallel_tool_use: true },
    ),
    temperature: fc.constantFrom(0, 0.5, 1),
    top_p: fc.constantFrom(0.5, 1),
    top_k: fc.constantFrom(1, 40),
    stop_sequences: fc.array(fc.constantFrom('END', ' ', ''), { maxLength: 2 }),
    thinking: fc.constantFrom<object>(
      { type: 'enabled', budget_tokens: 1024, display: 'omitted' },
      { type: 'adaptive', display: 'summarized' },
      { type: 'adaptive', display: 'updates', block_binding: {} },
      { type: 'disabled' },
    ),
    output_config: fc.constantFrom({ effort: 'low' }, { effort: 'max' }),
    cache_control: fc.constant({ type: 'ephemeral' }),
    metadata: fc.record({ user_id: fc.string() }),
    anthropic_beta: fc.constant(['claude-code-20250219', 'interleaved-thinking-2025-05-14', 'unheard-of']),
  },
  { requiredKeys: ['max_tokens', 'messages'] },
);

describe('any Messages request', () => {
  test('that is anything at all', () => {
    const noise = fc.jsonValue({ maxDepth: 4 });
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } };
    const members = fc.record(
      {
        messages: fc.oneof(noise, fc.array(fc.oneof(noise, turn), { maxLength: 4 })),
        system: noise,
        tools: fc.oneof(noise, fc.array(fc.oneof(noise, fc.dictionary(word, noise)), { maxLength: 3 })),
        tool_choice: noise,
        thinking: noise,
        output_config: noise,
        metadata: noise,
        cache_control: noise,
        fallbacks: noise,
        max_tokens: fc.oneof(noise, fc.constant(10)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(members, noise, (body, content) => {
        readOrRefused({ model: 'm', max_tokens: 10, ...body });
        const odd = {
          role: 'user',
          content: [
            { ...image, source: content },
            { type: 'tool_result', tool_use_id: 'a', content },
          ],
        };
        readOrRefused({ model: 'm', max_tokens: 10, messages: [odd] });
      }),
      { numRuns: 500 },
    );
  });

  test.each(textModels)('is one that %s takes', (model) => {
    fc.assert(
      fc.property(request, (body) => {
        const canonical = readOrRefused({ ...body, model });
        if (!canonical) return;
        let fitted: ReturnType<typeof fitTo>;
        try {
          fitted = fitTo(canonical, capabilitiesOf(model));
        } catch (error) {
          // A conversation of nothing but blanks.
          expect(error).toBeInstanceOf(GatewayError);
          return;
        }
        expect(refusal(model, fitted.request, fitted.streamable)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('leaves what it was given as it was, and is translated once', () => {
    fc.assert(
      fc.property(request, (body) => {
        const before = JSON.stringify(body);
        const model = read({ ...body, model: 'm' });
        expect(model.canonical()).toBe(model.canonical());
        expect(JSON.stringify(body)).toBe(before);
        expect(model.native?.body).toMatchObject({ messages: body.messages });
      }),
      { numRuns: 100 },
    );
  });
});
