import fc from 'fast-check';
import type { JsonObject } from '../../lambda/canonical/types.ts';
import { redactedData, signatureOf } from '../../local/simulator/answer/ids.ts';
import { betas as knownBetas } from '../../local/simulator/rules/claude-betas.ts';

/** Bodies of the Messages API as clients send them to any model: with what only some models take. */

const ids = ['toolu_01a', 'toolu_01b', 'toolu_01c'];
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');

const mark = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
  { type: 'ephemeral', scope: 'global' },
  null,
);
const marked = (block: object) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(block) },
    { weight: 1, arbitrary: mark.map((cache_control) => ({ ...block, cache_control })) },
  );

const said = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('Hello', 'What is it?', 'ends with space ', 'ünïcode 👩‍👩‍👧') },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', '\n') },
);
const text = said.chain((words) => marked({ type: 'text', text: words, unheard: 1 }));
const image = fc
  .constantFrom('image/png', 'image/x-png')
  .map((media_type) => ({ type: 'image', source: { type: 'base64', media_type, data: pixel } }));
// Citations of all documents or of none: of some of them Claude takes none at all.
const document = fc.constantFrom(
  {
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data: pdf },
    title: null,
    citations: { enabled: true },
  },
  {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'page' },
    citations: { enabled: true },
  },
);
const found = fc.constantFrom(
  { type: 'search_result', source: 'https://a', title: 'A', content: [{ type: 'text', text: 'Wet.' }] },
  {
    type: 'search_result',
    source: 's',
    title: 'T',
    content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' }, citations: null }],
    citations: { enabled: true },
    cache_control: { type: 'ephemeral' },
  },
);
const pages = fc.constantFrom(
  { type: 'document', source: { type: 'content', content: 'one' }, title: 'T', context: 'C' },
  {
    type: 'document',
    source: {
      type: 'content',
      content: [
        { type: 'text', text: 'one' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
      ],
    },
    citations: { enabled: false },
    cache_control: { type: 'ephemeral', ttl: '1h' },
  },
);
const odd = fc.constantFrom(
  { type: 'mcp_tool_use', id: 'm', name: 'n', server_name: 's', input: {} },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
  { type: 'fallback', from: 'x' },
  { type: 'thinking', thinking: 'of another model', signature: '' },
  { type: 'compaction', content: 'They have spoken.', encrypted_content: 'sealed', signature: 's' },
  { type: 'compaction', content: null },
  { type: 'mcp_tool_listing', server_name: 's', tools: [] },
  {
    type: 'text',
    text: 'cited',
    citations: [
      {
        type: 'char_location',
        cited_text: 'page',
        document_index: 0,
        document_title: null,
        start_char_index: 0,
        end_char_index: 4,
      },
    ],
  },
);
/** A search that Bedrock has run. */
const search = (turn: number) => [
  { type: 'server_tool_use', id: `srvtoolu_s${turn}`, name: 'tool_search_tool_regex', input: { query: 'x' } },
  {
    type: 'tool_search_tool_result',
    tool_use_id: `srvtoolu_s${turn}`,
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: [{ type: 'tool_reference', tool_name: 'Deferred' }],
    },
  },
];
const thinking = fc.constantFrom(
  { type: 'thinking', thinking: '', signature: signatureOf('') },
  { type: 'thinking', thinking: 'Hm.', signature: signatureOf('Hm.') },
  { type: 'redacted_thinking', data: redactedData },
);

const added = (name: string) => ({ type: 'tool_addition', tool: { type: 'tool_reference', name } });
const removed = (name: string) => ({ type: 'tool_removal', tool: { type: 'tool_reference', name } });
const defined = {
  type: 'tool_addition',
  tool: {
    type: 'tool_definition',
    definition: {
      name: 'Defined',
      input_schema: { type: 'object', properties: { q: { minimum: 1, exclusiveMinimum: true } } },
      eager_input_streaming: true,
      strict: true,
    },
  },
};

const names = ['Bash', 'mcp__lab__get', 'Deferred'];
const resultContent = fc.oneof(
  fc.constantFrom<unknown>('done', '', undefined, [], [{ type: 'text', text: ' ' }]),
  fc.array(
    fc.oneof(
      text,
      image,
      found,
      fc.constantFrom(...names, 'gone').map((tool_name) => ({ type: 'tool_reference', tool_name })),
    ),
    { minLength: 1, maxLength: 3 },
  ),
);

/** A user turn, an answer that may call tools, and their results. */
const exchange = (turn: number) =>
  fc
    .record({
      asked: fc.oneof(
        said,
        fc.array(fc.oneof(text, text, image, document, found, pages), { minLength: 1, maxLength: 3 }),
      ),
      order: fc.option(
        fc.constantFrom<object>(
          { content: 'Be brief.' },
          { content: [], output_config: { effort: 'max' } },
          { content: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }] },
          { output_config: { effort: 'low' } },
          { content: 'For now.', clear_at: 'next_user_message' },
          { content: [added('Deferred'), removed('Bash')] },
          { content: [{ type: 'text', text: 'Changed.' }, defined, removed('Defined')] },
          { content: [{ ...defined, cache_control: { type: 'ephemeral' } }, added('gone')] },
        ),
        { nil: undefined },
      ),
      searched: fc.boolean(),
      misplaced: fc.boolean(),
      thought: fc.array(thinking, { maxLength: 2 }),
      answer: fc.array(fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: odd }), {
        maxLength: 2,
      }),
      calls: fc.subarray(ids),
      name: fc.constantFrom(...names, 'not_listed'),
      result: resultContent,
      is_error: fc.constantFrom(true, false, undefined),
      after: fc.option(text, { nil: undefined }),
      apart: fc.boolean(),
    })
    .map(
      ({
        asked,
        order,
        searched,
        misplaced,
        thought,
        answer,
        calls,
        name,
        result,
        is_error,
        after,
        apart,
      }) => {
        const orders = order ? [{ role: 'system', ...order }] : [];
        const made = calls.map((id) => ({ type: 'tool_use', id: `${id}_${turn}`, name, input: { q: 1 } }));
        const results = made.map(({ id }) => ({
          tool_use_id: id,
          type: 'tool_result',
          ...(result !== undefined && { content: result }),
          ...(is_error !== undefined && { is_error }),
        }));
        const behind = results.length > 0 && after ? [after] : [];
        return [
          { role: 'user', content: asked },
          ...(misplaced ? [{ role: 'assistant', content: 'Well.' }] : []),
          ...orders,
          { role: 'assistant', content: [...thought, ...(searched ? search(turn) : []), ...answer, ...made] },
          ...(apart ? results.map((each) => ({ role: 'user', content: [each] })) : []),
          ...(apart ? [] : [{ role: 'user', content: [...results, ...behind] }]),
        ];
      },
    );

const schema = {
  type: 'object',
  properties: { q: { type: 'number', default: 1 }, any: { description: 'x' } },
};
const tool = (name: string) =>
  fc
    .record({
      type: fc.constantFrom(undefined, null, 'custom'),
      description: fc.constantFrom(undefined, 'does'),
      strict: fc.constantFrom(undefined, true, false),
      defer_loading: fc.constantFrom(undefined, true, false),
      eager_input_streaming: fc.constantFrom(undefined, true),
      allowed_callers: fc.constantFrom(undefined, ['direct']),
      input_examples: fc.constantFrom(undefined, [{ q: 1 }]),
      input_schema: fc.constantFrom<object>(
        schema,
        { ...schema, $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false },
        {
          type: 'object',
          anyOf: [{ required: ['q'] }],
          properties: { q: { minimum: 1, exclusiveMinimum: true } },
        },
      ),
      cache_control: fc.oneof(fc.constant(undefined), mark),
    })
    .map((members) => ({ name, ...members }));

const thinkingAsked = fc.oneof(
  fc.record({
    type: fc.constant('enabled'),
    budget_tokens: fc.constantFrom(100, 1024, 5000, 31_999, 200_000),
    display: fc.constantFrom(undefined, 'omitted', 'summarized'),
  }),
  fc.record({
    type: fc.constant('adaptive'),
    display: fc.constantFrom(undefined, 'omitted', 'summarized', 'updates'),
    block_binding: fc.constantFrom(undefined, 'auto'),
  }),
  fc.constantFrom({ type: 'disabled' }, { type: 'between_tools' }),
);

const flagNames = [
  ...knownBetas.map(({ flag }) => flag),
  'advanced-tool-use-2025-11-20',
  'files-api-2025-04-14',
  'made-up-2030-01-01',
];

const optional = {
  system: fc.oneof(fc.constant('Be good.'), fc.array(text, { maxLength: 6 })),
  temperature: fc.constantFrom(0, 0.5, 1),
  top_p: fc.constantFrom(0.5, 0.99, 1),
  top_k: fc.constantFrom(5, 40),
  stop_sequences: fc.constantFrom(['END'], [' ', 'END'], ['\n'], []),
  thinking: thinkingAsked,
  output_config: fc.record({
    effort: fc.constantFrom(undefined, 'low', 'high', 'xhigh', 'max'),
    task_budget: fc.constantFrom(undefined, { total: 1 }),
    format: fc.constantFrom(undefined, { type: 'json_schema', schema, name: 'n' }),
  }),
  cache_control: mark,
  metadata: fc.constantFrom({ user_id: 'u' }, { user_id: null, other: 1 }, {}),
  context_management: fc.constantFrom(
    { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    { edits: [{ type: 'clear_tool_uses_20250919', trigger: { type: 'input_tokens', value: 9 } }] },
    { edits: [{ type: 'compact_20260112' }, { type: 'unheard' }] },
  ),
  thread: fc.constant(null),
  speed: fc.constant('fast'),
  unheard: fc.constant({ of: 1 }),
};

export interface AskedMessages {
  body: JsonObject;
  betas: string[];
  cacheMode?: 'auto';
}

/** Requests whose calls and results belong together, and whose tools Bedrock has. */
export const askedMessages: fc.Arbitrary<AskedMessages> = fc
  .record({
    members: fc.record(optional, { requiredKeys: [] }),
    max_tokens: fc.constantFrom(200, 2000, 8192, 32_000, 128_000),
    turns: fc.tuple(exchange(0), exchange(1), exchange(2)),
    length: fc.integer({ min: 0, max: 3 }),
    tools: fc.tuple(...[...names, 'Bash'].map(tool)),
    count: fc.integer({ min: 0, max: 4 }),
    choice: fc.constantFrom(undefined, 'auto', 'any', 'tool', 'none'),
    betas: fc.subarray(flagNames),
    automatic: fc.boolean(),
  })
  .map(({ members, max_tokens, turns, length, tools, count, choice, betas, automatic }) => {
    const body = {
      ...members,
      max_tokens,
      messages: [...turns.slice(0, length).flat(), { role: 'user', content: 'And now?' }],
      ...(count > 0 && { tools: tools.slice(0, count) }),
      ...(choice && { tool_choice: { type: choice, ...(choice === 'tool' && { name: 'Bash' }) } }),
    };
    // As it comes from the wire: without what is undefined.
    const sent = JSON.parse(JSON.stringify(body)) as JsonObject;
    return { body: sent, betas, ...(automatic && { cacheMode: 'auto' as const }) };
  });
