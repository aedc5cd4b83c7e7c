import fc from 'fast-check';
import { efforts } from '../../lambda/canonical/request.ts';
import { redactedData, signatureOf } from '../../local/simulator/answer/ids.ts';

/**
 * Chat Completions requests as clients make them, well-behaved and otherwise: any order of roles, blank texts,
 * results without calls, names and ids that Bedrock refuses, every dialect of reasoning. All are within what
 * OpenAI's API takes; what a model cannot do with them is what the tests are about.
 */

const png = `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='}`;
const some = <T>(model: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []) =>
  fc.record(model, { requiredKeys }) as fc.Arbitrary<T>;

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Hello', 'What is it?', 'ends with space ', '👩‍👩‍👧 ünïcode') },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\n\t') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
);
const cacheControl = some({ type: fc.constant('ephemeral'), ttl: fc.constantFrom('5m', '1h') }, ['type']);
const marked = (part: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.record(part) },
    { weight: 1, arbitrary: fc.record({ ...part, cache_control: cacheControl }) },
  );
const textPart = marked({ type: fc.constant('text'), text });
const imagePart = marked({ type: fc.constant('image_url'), image_url: fc.constant({ url: png }) });
const filePart = marked({
  type: fc.constant('file'),
  file: fc.record({
    filename: fc.constantFrom('notes.txt', 'notes.txt', 'Übersicht (2026)_v2.md', 'table.csv'),
    file_data: fc.constant('data:text/plain;base64,SGVsbG8='),
  }),
});

const names = fc.constantFrom(
  'get_weather',
  'get-weather',
  'get weather',
  'mcp:fs/read.file',
  'n'.repeat(80),
);
const ids = fc.constantFrom(
  'call_1',
  'call_2',
  'functions.get_weather:0',
  'ünïd 3',
  `toolu_${'x'.repeat(90)}`,
);
const callArguments = fc.constantFrom(
  '',
  '{}',
  '{"city":"Paris"}',
  '{"a":1}{"a":2}',
  'null',
  '{"a":[{"b":"}"}]}',
);
const toolCall = some(
  {
    id: ids,
    type: fc.constant('function'),
    function: fc.record({ name: names, arguments: callArguments }),
    cache_control: cacheControl,
  },
  ['id', 'type', 'function'],
);
const thoughts = ['I must look it up.', 'Once more.', ''];
const thinkingBlock = fc.oneof(
  fc
    .constantFrom(...thoughts)
    .map((thinking) => ({ type: 'thinking', thinking, signature: signatureOf(thinking) })),
  fc.constant({ type: 'redacted_thinking', data: redactedData }),
);
const echoedReasoning = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ reasoning_content: text }) },
  { weight: 1, arbitrary: fc.record({ thinking_blocks: fc.array(thinkingBlock, { maxLength: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...thoughts).map((thought) => ({
      reasoning_details: [{ type: 'reasoning.text', text: thought, signature: signatureOf(thought) }],
    })),
  },
);

const content = (...parts: fc.Arbitrary<unknown>[]) =>
  fc.oneof(text, fc.array(fc.oneof(...parts), { minLength: 1, maxLength: 3 }));
const message = (role: string, more: Record<string, fc.Arbitrary<unknown>>, required: string[]) =>
  some<object>({ role: fc.constant(role), cache_control: cacheControl, ...more }, ['role', ...required]);

export const chatMessages = (files: boolean): fc.Arbitrary<object[]> => {
  const media = files ? [imagePart, filePart] : [];
  const user = message('user', { content: content(textPart, textPart, ...media) }, ['content']);
  const system = fc
    .constantFrom('system', 'developer')
    .chain((role) => message(role, { content: content(textPart) }, ['content']));
  const assistant = fc
    .tuple(
      message(
        'assistant',
        {
          content: fc.oneof(fc.constant(null), content(textPart)),
          tool_calls: fc.array(toolCall, { maxLength: 3 }),
        },
        [],
      ),
      echoedReasoning,
    )
    .map(([given, reasoning]) => ({ ...given, ...reasoning }));
  const tool = message(
    'tool',
    { tool_call_id: ids, content: content(textPart, ...media), is_error: fc.boolean() },
    ['tool_call_id', 'content'],
  );
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: user },
      { weight: 1, arbitrary: system },
      { weight: 3, arbitrary: assistant },
      { weight: 3, arbitrary: tool },
    ),
    { minLength: 1, maxLength: 10 },
  );
};

const schema = fc.constantFrom<object>(
  { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  { type: 'object', properties: {}, additionalProperties: false },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] }, b: { $ref: '#/$defs/b' } },
    $defs: { b: { type: 'integer', maximum: 9_007_199_254_740_991 } },
  },
);
const tool = marked({
  type: fc.constant('function'),
  function: some(
    { name: names, description: text, parameters: schema, strict: fc.constantFrom(true, false, null) },
    ['name'],
  ),
});
const toolChoice = fc.constantFrom('none', 'auto', 'required');
const budget = fc.integer({ min: 1, max: 60_000 });
const reasoning = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ reasoning_effort: fc.constantFrom(...efforts) }) },
  {
    weight: 1,
    arbitrary: fc.record({ reasoning: some({ effort: fc.constantFrom(...efforts), enabled: fc.boolean() }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ thinking: fc.record({ type: fc.constant('enabled'), budget_tokens: budget }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ thinking: fc.constantFrom({ type: 'adaptive' }, { type: 'disabled' }) }),
  },
  { weight: 1, arbitrary: fc.record({ enable_thinking: fc.boolean(), thinking_budget: budget }) },
);
const responseFormat = fc.oneof(
  fc.constantFrom<object>({ type: 'text' }, { type: 'json_object' }),
  schema.map((given) => ({ type: 'json_schema', json_schema: { name: 'answer', schema: given } })),
);

interface Scope {
  /** The conversation may hold images and documents. */
  files: boolean;
  /** Tools may be sent. Calls stand in the history either way. */
  tools?: boolean;
  /** The most `max_tokens` that is asked for. */
  maxTokens: number;
}

/** Everything but `model`. */
export const chatRequests = ({
  files,
  tools = true,
  maxTokens,
}: Scope): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(
      chatMessages(files),
      some<object>({
        ...(tools && { tools: fc.array(tool, { maxLength: 4 }) }),
        tool_choice: toolChoice,
        parallel_tool_calls: fc.boolean(),
        max_tokens: fc.integer({ min: 1, max: maxTokens }),
        temperature: fc.constantFrom(0, 0.3, 1, 1.7),
        top_p: fc.constantFrom(0.1, 0.95, 1),
        top_k: fc.integer({ min: 1, max: 128 }),
        stop: fc.oneof(
          fc.constantFrom('END', ''),
          fc.array(fc.constantFrom('a', '\n', ''), { maxLength: 4 }),
        ),
        frequency_penalty: fc.constantFrom(0, 1),
        seed: fc.nat(),
        response_format: responseFormat,
        web_search_options: fc.constant({}),
        service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority'),
        metadata: fc.dictionary(fc.constantFrom('user', 'cost-center'), fc.constantFrom('a', 'ü', '')),
        prompt_caching: fc.constant({ system: true, messages: true }),
      }),
      reasoning,
    )
    .map(([messages, more, thinks]) => ({ messages, ...more, ...thinks }));
