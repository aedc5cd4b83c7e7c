import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import { png } from './blocks.ts';
import { hello } from './messages.ts';
import { models as m } from './rule-cases.ts';

export interface BodyCase {
  rule: string;
  model: string;
  /** Refused, in exactly these words. */
  bad: unknown;
  says: string;
  /** Accepted by `model`, or by `goodModel`. */
  good: unknown;
  goodModel?: string;
}

const says = (...content: unknown[]) => ({ role: 'user', content });
const answers = (...content: unknown[]) => ({ role: 'assistant', content });
const text = (value = 'Hi', more: object = {}) => ({ type: 'text', text: value, ...more });
const mark = (ttl?: string, more: object = {}) => ({
  cache_control: { type: 'ephemeral', ...(ttl && { ttl }), ...more },
});
const tool = (name = 'get_weather', more: object = {}) => ({
  name,
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  ...more,
});
const call = (id = 't1', name = 'get_weather') => ({ type: 'tool_use', id, name, input: { city: 'Paris' } });
const result = (id = 't1', more: object = {}) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'sunny',
  ...more,
});
const turns = (...messages: unknown[]) => hello({ messages });
const withTools = (...messages: unknown[]) => hello({ messages, tools: [tool()] });
const beta = (...flags: string[]) => ({ anthropic_beta: flags });
const search = beta('tool-search-tool-2025-10-19');
const billing = 'x-anthropic-billing-header: cc_version=2.1.332.000; cc_entrypoint=cli;';
const without = (name: string) => {
  const { [name]: _, ...body } = hello() as Record<string, unknown>;
  return body;
};
const extra = (path: string) => `${path}: Extra inputs are not permitted`;
const tags = (...names: string[]) => names.map((name) => `'${name}'`).join(', ');
const image = (source: object) => ({ type: 'image', source });
const base64 = (media_type = 'image/png', data = png()) => ({ type: 'base64', media_type, data });

const removal = { type: 'tool_removal', tool: { type: 'tool_reference', name: 'get_weather' } };
const addition = { type: 'tool_addition', tool: { type: 'tool_definition', definition: tool() } };

/** Version, flags and fields: what is looked at first. */
export const fieldCases: BodyCase[] = [
  {
    rule: 'the version is there',
    model: m.haiku45,
    bad: without('anthropic_version'),
    says: 'anthropic_version: Field required',
    good: hello(),
  },
  {
    rule: 'the version is Bedrock’s',
    model: m.haiku45,
    bad: hello({ anthropic_version: '2023-06-01' }),
    says: 'Invalid API version: 2023-06-01',
    good: hello(),
  },
  {
    rule: 'a reserved line is first, and alone',
    model: m.haiku45,
    bad: hello({ system: `${billing}\nBe kind` }),
    says: 'x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt.',
    good: hello({
      system: [
        { type: 'text', text: billing },
        { type: 'text', text: 'Be kind' },
      ],
    }),
  },
  {
    rule: 'a flag nobody knows',
    model: m.sonnet45,
    bad: hello(beta('prompt-caching-2024-07-31')),
    says: 'invalid beta flag',
    good: hello(beta('interleaved-thinking-2025-05-14', 'context-1m-2025-08-07')),
  },
  {
    rule: 'a flag of another model',
    model: m.opus47,
    bad: hello(search),
    says: 'invalid beta flag',
    good: hello(search),
    goodModel: m.sonnet55,
  },
  {
    rule: 'max_tokens is there',
    model: m.haiku45,
    bad: without('max_tokens'),
    says: 'max_tokens: Field required',
    good: hello(),
  },
  {
    rule: 'max_tokens is a number',
    model: m.haiku45,
    bad: hello({ max_tokens: 0 }),
    says: 'max_tokens: Input should be greater than or equal to 1',
    good: hello({ max_tokens: 1 }),
  },
  {
    rule: 'max_tokens within the model’s limit',
    model: m.haiku45,
    bad: hello({ max_tokens: 128000 }),
    says: 'max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001',
    good: hello({ max_tokens: 128000 }),
    goodModel: m.sonnet55,
  },
  {
    rule: 'messages are there',
    model: m.haiku45,
    bad: without('messages'),
    says: 'messages: Field required',
    good: hello(),
  },
  {
    rule: 'the model is in the path',
    model: m.haiku45,
    bad: hello({ model: 'claude-haiku-4-5' }),
    says: extra('model'),
    good: hello(),
  },
  {
    rule: 'so is streaming',
    model: m.haiku45,
    bad: hello({ stream: true }),
    says: extra('stream'),
    good: hello(),
  },
  {
    rule: 'fields of Anthropic’s own API',
    model: m.opus55,
    bad: hello({ container: null }),
    says: extra('container'),
    good: hello({ metadata: { user_id: 'u' } }),
  },
  {
    rule: 'automatic caching',
    model: m.opus55,
    bad: hello(mark()),
    says: extra('cache_control'),
    good: turns(says(text('Hi', mark()))),
  },
  {
    rule: 'context_management needs its flag (recorded)',
    model: m.haiku45,
    bad: hello({ context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }),
    says: extra('context_management'),
    good: hello({
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      ...beta('context-management-2025-06-27'),
    }),
  },
  {
    rule: 'an edit of another flag',
    model: m.haiku45,
    bad: hello({
      context_management: { edits: [{ type: 'compact_20260112' }] },
      ...beta('context-management-2025-06-27'),
    }),
    says: `context_management.edits.0: Input tag 'compact_20260112' found using 'type' does not match any of the expected tags: ${tags('clear_thinking_20251015', 'clear_tool_uses_20250919')}`,
    good: hello({
      context_management: { edits: [{ type: 'compact_20260112' }] },
      ...beta('compact-2026-01-12'),
    }),
    goodModel: m.sonnet46,
  },
  {
    rule: 'compaction',
    model: m.sonnet55,
    bad: hello({ compaction: {} }),
    says: extra('compaction'),
    good: hello({ compaction: {}, ...beta('compact-2026-09-04') }),
    goodModel: m.opus55,
  },
  {
    rule: 'temperature',
    model: m.haiku45,
    bad: hello({ temperature: 1.5 }),
    says: 'temperature: range: 0..1',
    good: hello({ temperature: 1 }),
  },
  {
    rule: 'temperature is a number',
    model: m.haiku45,
    bad: hello({ temperature: 'hot' }),
    says: 'temperature: Input should be a valid number',
    good: hello({ temperature: 0 }),
  },
  {
    rule: 'effort needs its flag where it came with one',
    model: m.opus45,
    bad: hello({ output_config: { effort: 'high' } }),
    says: extra('output_config.effort'),
    good: hello({ output_config: { effort: 'high' }, ...beta('effort-2025-11-24') }),
  },
  {
    rule: 'a task budget',
    model: m.sonnet55,
    bad: hello({ output_config: { task_budget: {} } }),
    says: extra('output_config.task_budget'),
    good: hello({ output_config: { effort: 'high' } }),
  },
  {
    rule: 'display of thinking',
    model: m.haiku45,
    bad: hello({ thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } }),
    says: extra('thinking.enabled.display'),
    good: hello({ thinking: { type: 'adaptive', display: 'omitted' } }),
    goodModel: m.sonnet55,
  },
  {
    rule: 'display updates need their flag',
    model: m.sonnet55,
    bad: hello({ thinking: { type: 'adaptive', display: 'updates' } }),
    says: `thinking.adaptive.display: Input should be 'omitted' or 'summarized'`,
    good: hello({
      thinking: { type: 'adaptive', display: 'updates' },
      ...beta('thinking-display-updates-2026-08-18'),
    }),
  },
  {
    rule: 'block_binding needs its flag',
    model: m.opus55,
    bad: hello({ thinking: { type: 'adaptive', block_binding: 'none' } }),
    says: extra('thinking.adaptive.block_binding'),
    good: hello({
      thinking: { type: 'adaptive', block_binding: 'none' },
      ...beta('thinking-binding-controls-2026-08-01'),
    }),
  },
  {
    rule: 'a budget belongs to enabled thinking',
    model: m.sonnet46,
    bad: hello({ thinking: { type: 'adaptive', budget_tokens: 1024 } }),
    says: extra('thinking.adaptive.budget_tokens'),
    good: hello({ thinking: { type: 'enabled', budget_tokens: 1024 } }),
  },
  {
    rule: 'thinking says its type',
    model: m.sonnet46,
    bad: hello({ thinking: {} }),
    says: 'thinking.type: Field required',
    good: hello({ thinking: { type: 'disabled' } }),
  },
  {
    rule: 'a prompt is for another API',
    model: m.claude3,
    bad: { prompt: '\n\nHuman: Hi\n\nAssistant:', max_tokens_to_sample: 10 },
    says: '"claude-3-haiku-20240307" is not supported on this API. Please use the Messages API instead.',
    good: hello(),
  },
  {
    rule: 'a body is an object',
    model: m.haiku45,
    bad: [],
    says: 'Malformed input request, please reformat your input and try again.',
    good: hello(),
  },
];

/** The shapes of messages, blocks and tools. */
export const shapeCases: BodyCase[] = [
  {
    rule: 'roles',
    model: m.opus48,
    bad: turns({ role: 'tool', content: 'Hi' }),
    says: `messages.0.role: Input should be 'user' or 'assistant'`,
    good: turns(says(text())),
  },
  {
    rule: 'content',
    model: m.haiku45,
    bad: turns({ role: 'user' }),
    says: 'messages.0.content: Field required',
    good: turns(says(text())),
  },
  {
    rule: 'effort of a message needs its flag',
    model: m.fable51,
    bad: turns(says(text()), { role: 'system', content: [], output_config: { effort: 'low' } }),
    says: extra('messages.1.output_config'),
    good: hello({
      messages: [says(text()), { role: 'system', content: [], output_config: { effort: 'low' } }],
      ...beta('per-turn-control-2026-07-01'),
    }),
  },
  {
    rule: 'kinds of blocks',
    model: m.haiku45,
    bad: turns(says({ type: 'video' })),
    says: `messages.0.content.0: Input tag 'video' found using 'type' does not match any of the expected tags: ${tags('document', 'image', 'redacted_thinking', 'search_result', 'text', 'thinking', 'tool_result', 'tool_use')}`,
    good: turns(
      says(
        text(),
        { type: 'search_result', source: 's', title: 't', content: [text()], citations: { enabled: true } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' }, title: 'notes' },
      ),
    ),
  },
  {
    rule: 'members of a block',
    model: m.haiku45,
    bad: turns(says(text('Hi', { mood: 'good' }))),
    says: extra('messages.0.content.0.text.mood'),
    good: turns(says(text('Hi', { citations: null }))),
  },
  {
    rule: 'the scope of a cache mark',
    model: m.haiku45,
    bad: hello({ system: [text('Be brief', mark(undefined, { scope: 'global' }))] }),
    says: extra('system.0.cache_control.ephemeral.scope'),
    good: hello({ system: [text('Be brief', mark('1h'))] }),
  },
  {
    rule: 'the time of a cache mark',
    model: m.claude37,
    bad: turns(says(text('Hi', mark('5m')))),
    says: extra('messages.0.content.0.text.cache_control.ephemeral.ttl'),
    good: turns(says(text('Hi', mark()))),
  },
  {
    rule: 'images by URL',
    model: m.haiku45,
    bad: turns(says(image({ type: 'url', url: 'https://example.com/a.png' }))),
    says: `messages.0.content.0.image.source: Input tag 'url' found using 'type' does not match any of the expected tags: 'base64'`,
    good: turns(says(image(base64()))),
  },
  {
    rule: 'media types',
    model: m.haiku45,
    bad: turns(says(image(base64('application/pdf')))),
    says: `messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    good: turns(says(image(base64()))),
  },
  {
    rule: 'the size of an image',
    model: m.haiku45,
    bad: turns(says(image(base64('image/png', png(10, 10, 3_932_161))))),
    says: 'messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes',
    good: turns(says(image(base64()))),
  },
  {
    rule: 'the arguments of a call',
    model: m.haiku45,
    bad: withTools(says(text()), answers({ ...call(), input: 'Paris' }), says(result())),
    says: 'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    good: withTools(says(text()), answers(call()), says(result())),
  },
  {
    rule: 'the id of a call',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call('a b')), says(result('a b'))),
    says: `messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`,
    good: withTools(says(text()), answers(call('a-b')), says(result('a-b'))),
  },
  {
    rule: 'a thought is signed',
    model: m.haiku45,
    bad: turns(says(text()), answers({ type: 'thinking', thinking: 'Hm' }, text()), says(text())),
    says: 'messages.1.content.0.thinking.signature: Field required',
    good: turns(
      says(text()),
      answers({ type: 'thinking', thinking: 'Hm', signature: signatureOf('Hm') }, text()),
      says(text()),
    ),
  },
  {
    rule: 'names of tools',
    model: m.haiku45,
    bad: hello({ tools: [tool('get.weather')] }),
    says: `tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`,
    good: hello({ tools: [tool('x'.repeat(128), { type: 'custom' })] }),
  },
  {
    rule: 'schemas of tools',
    model: m.haiku45,
    bad: hello({ tools: [{ name: 'x' }] }),
    says: 'tools.0.custom.input_schema: Field required',
    good: hello({ tools: [tool()] }),
  },
  {
    rule: 'deferred tools need their flag (quoted)',
    model: m.sonnet46,
    bad: hello({ tools: [tool('a'), tool('b', { defer_loading: true })] }),
    says: extra('tools.1.custom.defer_loading'),
    good: hello({ tools: [tool('a'), tool('b', { defer_loading: true })], ...search }),
  },
  {
    rule: 'examples of arguments need their flag',
    model: m.opus45,
    bad: hello({ tools: [tool('a', { input_examples: [{ city: 'Rome' }] })] }),
    says: extra('tools.0.custom.input_examples'),
    good: hello({
      tools: [tool('a', { input_examples: [{ city: 'Rome' }] })],
      ...beta('tool-examples-2025-10-29'),
    }),
  },
  {
    rule: 'fine-grained streaming needs its flag',
    model: m.sonnet45,
    bad: hello({ tools: [tool('a', { eager_input_streaming: true })] }),
    says: extra('tools.0.custom.eager_input_streaming'),
    good: hello({
      tools: [tool('a', { eager_input_streaming: true })],
      ...beta('fine-grained-tool-streaming-2025-05-14'),
    }),
  },
  {
    rule: 'servers’ tools (recorded)',
    model: m.haiku45,
    bad: hello({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
    says: `tools.0: Input tag 'web_search_20250305' found using 'type' does not match any of the expected tags: ${tags('bash_20250124', 'custom', 'text_editor_20250124', 'text_editor_20250429', 'text_editor_20250728')}`,
    good: hello({ tools: [{ type: 'bash_20250124', name: 'bash' }] }),
  },
  {
    rule: 'names of typed tools',
    model: m.haiku45,
    bad: hello({ tools: [{ type: 'bash_20250124', name: 'shell' }] }),
    says: `tools.0.bash_20250124.name: Input should be 'bash'`,
    good: hello({ tools: [{ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }] }),
  },
  {
    rule: 'computer use needs its flag',
    model: m.haiku45,
    bad: hello({
      tools: [{ type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 }],
    }),
    says: `tools.0: Input tag 'computer_20250124' found using 'type' does not match any of the expected tags: ${tags('bash_20250124', 'custom', 'text_editor_20250124', 'text_editor_20250429', 'text_editor_20250728')}`,
    good: hello({
      tools: [{ type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 }],
      ...beta('computer-use-2025-01-24'),
    }),
  },
  {
    rule: 'choices of tools',
    model: m.haiku45,
    bad: hello({ tools: [tool()], tool_choice: { type: 'required' } }),
    says: `tool_choice: Input tag 'required' found using 'type' does not match any of the expected tags: ${tags('any', 'auto', 'none', 'tool')}`,
    good: hello({ tools: [tool()], tool_choice: { type: 'none' } }),
  },
  {
    rule: 'references need their flag',
    model: m.haiku45,
    bad: hello({
      tools: [tool()],
      messages: [
        says(text()),
        answers(call()),
        says(result('t1', { content: [{ type: 'tool_reference', tool_name: 'get_weather' }] })),
      ],
    }),
    says: `messages.2.content.0.tool_result.content.0: Input tag 'tool_reference' found using 'type' does not match any of the expected tags: ${tags('document', 'image', 'search_result', 'text')}`,
    good: hello({
      tools: [tool()],
      messages: [
        says(text()),
        answers(call()),
        says(result('t1', { content: [{ type: 'tool_reference', tool_name: 'get_weather' }] })),
      ],
      ...search,
    }),
  },
  {
    rule: 'tools that come and go need their flag',
    model: m.opus48,
    bad: turns(says(text()), { role: 'system', content: [removal] }),
    says: `messages.1.content.0: Input tag 'tool_removal' found using 'type' does not match any of the expected tags: 'text'`,
    good: hello({
      tools: [tool()],
      messages: [says(text()), { role: 'system', content: [removal] }],
      ...beta('mid-conversation-tool-changes-2026-07-01'),
    }),
  },
  {
    rule: 'a definition in the conversation needs a flag of its own',
    model: m.opus48,
    bad: hello({
      messages: [says(text()), { role: 'system', content: [addition] }],
      ...beta('mid-conversation-tool-changes-2026-07-01'),
    }),
    says: `messages.1.content.0.tool_addition.tool: Input tag 'tool_definition' found using 'type' does not match any of the expected tags: 'tool_reference'`,
    good: hello({
      messages: [says(text()), { role: 'system', content: [addition, removal] }],
      ...beta('inline-tools-2026-09-15'),
    }),
  },
];

/** One body that each rule of `invoke/claude/rules` accepts, and one that it refuses. */
export const conversationCases: BodyCase[] = [
  {
    rule: 'there are messages',
    model: m.haiku45,
    bad: turns(),
    says: 'messages: at least one message is required',
    good: hello(),
  },
  {
    rule: 'system messages need a model that takes them',
    model: m.haiku45,
    bad: turns(says(text()), { role: 'system', content: 'Be brief' }),
    says: 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    good: turns(says(text()), { role: 'system', content: 'Be brief' }),
    goodModel: m.sonnet55,
  },
  {
    rule: 'messages have content',
    model: m.haiku45,
    bad: turns(says(text()), answers(), says(text())),
    says: 'messages.1: all messages must have non-empty content except for the optional final assistant message',
    good: turns(says(text()), { role: 'assistant', content: '' }),
  },
  {
    rule: 'no cache mark on an empty text',
    model: m.haiku45,
    bad: turns(says(text(), text('', mark()))),
    says: 'messages.0.content.1.text: cache_control cannot be set for empty text blocks',
    good: turns(says(text(), text('there', mark()))),
  },
  {
    rule: 'texts say something',
    model: m.haiku45,
    bad: turns(says(text(), text(''))),
    says: 'messages: text content blocks must be non-empty',
    good: turns(says(text(), text('there'))),
  },
  {
    rule: 'blocks are said by whose they are',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call()), answers(result())),
    says: 'messages.2: `tool_result` blocks can only be in `user` messages',
    good: withTools(says(text()), answers(call()), says(result())),
  },
  {
    rule: 'stop sequences say something',
    model: m.haiku45,
    bad: hello({ stop_sequences: ['\n'] }),
    says: 'stop_sequences: each stop sequence must contain non-whitespace',
    good: hello({ stop_sequences: ['END'] }),
  },
  {
    rule: 'a forced choice has tools to choose from',
    model: m.haiku45,
    bad: hello({ tool_choice: { type: 'any' } }),
    says: 'tool_choice.any may only be specified while providing tools',
    good: hello({ tool_choice: { type: 'auto' } }),
  },
  {
    rule: 'a history with tools has tools',
    model: m.haiku45,
    bad: turns(says(text()), answers(call()), says(result())),
    says: 'Requests which include `tool_use` or `tool_result` blocks must define tools.',
    good: withTools(says(text()), answers(call('t1', 'another')), says(result())),
  },
  {
    rule: 'every call is answered at once',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call('a'), call('b')), says(text(), result('a'), result('b'))),
    says: 'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a, b. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
    good: withTools(
      says(text()),
      answers(call('a'), call('b')),
      says(result('b')),
      says(result('a'), text()),
    ),
  },
  {
    rule: 'every result has its call',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call()), says(result(), result('t2'))),
    says: 'messages.2.content.1: unexpected `tool_use_id` found in `tool_result` blocks: t2. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    good: withTools(says(text()), answers(call()), says(result())),
  },
  {
    rule: 'a call has one result',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call()), says(result(), result())),
    says: 'messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: t1',
    good: withTools(says(text()), answers(call()), says(result())),
  },
  {
    rule: 'an error says what it is',
    model: m.haiku45,
    bad: withTools(says(text()), answers(call()), says(result('t1', { content: '', is_error: true }))),
    says: 'messages.2.content.0.tool_result: content cannot be empty if `is_error` is true',
    good: withTools(says(text()), answers(call()), says(result('t1', { content: '', is_error: false }))),
  },
  {
    rule: 'some tool is not deferred',
    model: m.haiku45,
    bad: hello({ tools: [tool('a', { defer_loading: true })], ...search }),
    says: 'At least one tool must have defer_loading=false. All tools cannot be deferred.',
    good: hello({ tools: [tool('a', { defer_loading: true }), tool('b')], ...search }),
  },
  {
    rule: 'a reference names a tool',
    model: m.haiku45,
    bad: hello({
      tools: [tool()],
      messages: [
        says(text()),
        answers(call()),
        says(result('t1', { content: [{ type: 'tool_reference', tool_name: 'gone' }] })),
      ],
      ...search,
    }),
    says: `Tool reference 'gone' not found in available tools`,
    good: hello({
      tools: [tool(), tool('there', { defer_loading: true })],
      messages: [
        says(text()),
        answers(call()),
        says(result('t1', { content: [{ type: 'tool_reference', tool_name: 'there' }] })),
      ],
      ...search,
    }),
  },
  {
    rule: 'a change names a tool',
    model: m.opus48,
    bad: hello({
      messages: [says(text()), { role: 'system', content: [removal] }],
      ...beta('mid-conversation-tool-changes-2026-07-01'),
    }),
    says: `Tool reference 'get_weather' not found in available tools`,
    good: hello({
      tools: [tool()],
      messages: [says(text()), { role: 'system', content: [removal] }],
      ...beta('mid-conversation-tool-changes-2026-07-01'),
    }),
  },
  {
    rule: 'no cache mark on a deferred tool',
    model: m.haiku45,
    bad: hello({ tools: [tool('a'), tool('b', { defer_loading: true, ...mark() })], ...search }),
    says: `Tool 'b' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`,
    good: hello({ tools: [tool('a', mark()), tool('b', { defer_loading: true })], ...search }),
  },
];
