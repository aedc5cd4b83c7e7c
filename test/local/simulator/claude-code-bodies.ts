import { redactedData, signatureOf } from '../../../local/simulator/answer/ids.ts';

/** What Claude Code 2.1 sends to InvokeModelWithResponseStream in its Bedrock mode, with other words in it. */
export interface ClaudeCodeBody {
  turn: string;
  model: string;
  body: Record<string, unknown> & { messages: { role: string; content: unknown }[] };
}

const ephemeral = { cache_control: { type: 'ephemeral' } };
const text = (value: string, more: object = {}) => ({ type: 'text', text: value, ...more });
const reminder = (words: string) => text(`<system-reminder>${words}</system-reminder>`);

const tool = (name: string, properties: object, more: object = {}) => ({
  name,
  description: `The tool ${name}`,
  input_schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    required: Object.keys(properties).slice(0, 1),
    additionalProperties: false,
  },
  ...more,
});

/** Numbers at the edge of what JavaScript counts, arguments of any type, defaults: all as they are sent. */
const tools = [
  tool('Bash', { command: { type: 'string' }, timeout: { type: 'number' } }),
  tool('Read', {
    file_path: { type: 'string' },
    limit: { type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
  }),
  tool('Workflow', { args: { description: 'Whatever it takes' }, wait: { type: 'boolean', default: true } }),
  tool('ToolSearch', { query: { type: 'string' }, max_results: { type: 'number', default: 5 } }),
  tool('DeferredToolPlaceholder', { x: { type: 'string' } }, { defer_loading: true }),
  tool('mcp__lab__echo', { message: { type: 'string' } }, { defer_loading: true }),
];

const common = {
  system: [
    text('x-anthropic-billing-header: cc_version=2.1.332.000; cc_entrypoint=sdk-cli; cch=00000;'),
    text('You are a coding agent.', ephemeral),
    text('Answer briefly.', ephemeral),
  ],
  metadata: { user_id: '{"device_id":"0","account_uuid":"","session_id":"0"}' },
  anthropic_version: 'bedrock-2023-05-31',
};

const asked = [reminder('Today is Monday.'), reminder('The branch is main.')];
const opening = { role: 'user', content: [...asked, text('run the proof command', ephemeral)] };

const sonnet55 = {
  ...common,
  tools,
  max_tokens: 128000,
  thinking: { type: 'adaptive', display: 'omitted' },
  anthropic_beta: [
    'interleaved-thinking-2025-05-14',
    'tool-search-tool-2025-10-19',
    'thinking-token-count-2026-05-13',
  ],
  output_config: { effort: 'medium' },
};
const profile = 'us.anthropic.claude-sonnet-5-5';
const started = { role: 'user', content: [...asked, text('run the proof command')] };
const silent = { type: 'thinking', thinking: '', signature: signatureOf('') };
const bash = (id: string, command: string) => ({ type: 'tool_use', id, name: 'Bash', input: { command } });
const afterFirst = [
  started,
  { role: 'system', content: 'The working directory is /tmp.' },
  { role: 'assistant', content: [silent, text('I will run it.'), bash('toolu_01a', 'echo one')] },
];
const oldTools = tools.filter((each) => !('defer_loading' in each));

export const claudeCodeBodies: ClaudeCodeBody[] = [
  {
    turn: 'the first, of a model of generation 5',
    model: profile,
    body: {
      ...sonnet55,
      messages: [started, { role: 'system', content: [text('The working directory is /tmp.', ephemeral)] }],
    },
  },
  {
    turn: 'the second, with a result',
    model: profile,
    body: {
      ...sonnet55,
      messages: [
        ...afterFirst,
        {
          role: 'user',
          content: [
            { tool_use_id: 'toolu_01a', type: 'tool_result', content: 'one', is_error: false, ...ephemeral },
          ],
        },
      ],
    },
  },
  {
    turn: 'the third, with two results of which one failed',
    model: profile,
    body: {
      ...sonnet55,
      messages: [
        ...afterFirst,
        {
          role: 'user',
          content: [{ tool_use_id: 'toolu_01a', type: 'tool_result', content: 'one', is_error: false }],
        },
        {
          role: 'assistant',
          content: [
            { type: 'redacted_thinking', data: redactedData },
            silent,
            bash('toolu_01b', 'echo two'),
            bash('toolu_01c', 'cat /nowhere; exit 3'),
          ],
        },
        {
          role: 'user',
          content: [
            { tool_use_id: 'toolu_01b', type: 'tool_result', content: 'two', is_error: false },
            {
              type: 'tool_result',
              content: 'Exit code 3',
              is_error: true,
              tool_use_id: 'toolu_01c',
              ...ephemeral,
            },
          ],
        },
      ],
    },
  },
  {
    turn: 'after a search for tools',
    model: profile,
    body: {
      ...sonnet55,
      messages: [
        started,
        {
          role: 'assistant',
          content: [
            silent,
            { type: 'tool_use', id: 'toolu_01d', name: 'ToolSearch', input: { query: 'echo' } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_01d',
              content: [{ type: 'tool_reference', tool_name: 'mcp__lab__echo' }],
            },
            text('[[call:mcp__lab__echo {"message":"hi"}]]', ephemeral),
          ],
        },
      ],
    },
  },
  {
    turn: 'the first, of Opus 4.6',
    model: 'us.anthropic.claude-opus-4-6-v1',
    body: {
      ...common,
      tools,
      messages: [opening],
      max_tokens: 64000,
      thinking: { type: 'adaptive' },
      anthropic_beta: ['interleaved-thinking-2025-05-14', 'tool-search-tool-2025-10-19'],
      output_config: { effort: 'high' },
    },
  },
  {
    turn: 'the first, of Sonnet 4.5',
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    body: {
      ...common,
      tools,
      messages: [opening],
      max_tokens: 32000,
      thinking: { budget_tokens: 31999, type: 'enabled' },
      anthropic_beta: ['interleaved-thinking-2025-05-14', 'tool-search-tool-2025-10-19'],
    },
  },
  {
    turn: 'the first, of Haiku 4.5',
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    body: {
      ...common,
      tools,
      messages: [opening],
      max_tokens: 32000,
      thinking: { budget_tokens: 31999, type: 'enabled' },
      anthropic_beta: ['tool-search-tool-2025-10-19'],
    },
  },
  {
    turn: 'the first, of Haiku 3.5',
    model: 'us.anthropic.claude-3-5-haiku-20241022-v1:0',
    body: {
      ...common,
      tools: oldTools,
      messages: [opening],
      max_tokens: 8192,
      anthropic_beta: ['claude-code-20250219'],
    },
  },
];
