import { describe, expect, test } from 'vitest';
import {
  ask,
  assistant,
  hello,
  lanes,
  novaPro,
  opus55,
  sonnet45,
  sonnet55,
  tool,
  user,
} from '../../support/messages.ts';
import { answered, scriptedGateway } from '../../support/scripted-gateway.ts';

/** Members that Anthropic's SDKs have in their types and that a client sends back, or sends rarely. */

const gateway = scriptedGateway();
const opus46 = 'us.anthropic.claude-opus-4-6-v1';
const hi = user('Hi');

describe('what a client sends arrives natively as it was sent', () => {
  const summary = {
    type: 'compaction',
    content: 'They said hello.',
    encrypted_content: 'sealed',
    signature: 'signed',
    tool_changes: [],
  };
  const call = { type: 'tool_use', id: 't1', name: 'screenshot', toolset_name: 'computer', input: {} };
  const result = { type: 'tool_result', tool_use_id: 't1', toolset_name: 'computer', content: 'done' };
  const toolset = { type: 'computer_toolset_20260801', configs: { zoom: { enabled: false } } };
  const search = { type: 'server_tool_use', id: 's1', name: 'tool_search_tool_regex', input: { query: 'x' } };
  const failed = {
    type: 'tool_search_tool_result',
    tool_use_id: 's1',
    content: {
      type: 'tool_search_tool_result_error',
      error_code: 'unavailable',
      error_message: 'Not now.',
    },
  };
  const searchTool = { type: 'tool_search_tool_regex', name: 'tool_search_tool_regex' };
  const clearing = {
    edits: [{ type: 'clear_tool_uses_20250919', clear_tool_inputs: ['Bash'], exclude_tools: ['Read'] }],
  };
  test.each<[what: string, model: string, body: Record<string, unknown>]>([
    ['a signed summary', opus55, { messages: [hi, assistant([summary]), user('on')] }],
    ['a summary of the older kind', opus46, { messages: [hi, assistant([summary]), user('on')] }],
    [
      'a call of a toolset, and its result',
      opus55,
      { tools: [toolset], messages: [hi, assistant([call]), user([result])] },
    ],
    ['what a toolset may do', sonnet55, { tools: [toolset] }],
    [
      'what becomes of thinking that does not fit',
      sonnet55,
      { thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } } },
    ],
    ['which inputs are cleared', sonnet45, { context_management: clearing }],
    [
      'why a search has failed',
      sonnet45,
      { tools: [searchTool, tool('get_weather')], messages: [hi, assistant([search, failed]), user('on')] },
    ],
  ])('%s', async (_, model, body) => {
    const { said, call: sent } = await answered(gateway, hello({ model, ...body }));
    expect([said.warnings, said.ignored]).toEqual(['', []]);
    expect(sent.operation).toBe('InvokeModel');
    expect(sent.native).toMatchObject(body);
  });
});

describe('what says nothing on Bedrock is no fault', () => {
  const keepsAll = { edits: [{ type: 'clear_thinking_20251015', keep: { type: 'all' } }] };
  test.each<[what: string, model: string, body: Record<string, unknown>]>([
    ['fallbacks of Anthropic’s own choice', sonnet55, { fallbacks: 'default' }],
    ['the same to another model', novaPro, { fallbacks: 'default' }],
    ['thinking that is kept', sonnet55, { context_management: keepsAll }],
    ['the same to another model', novaPro, { context_management: keepsAll }],
  ])('%s', async (_, model, body) => {
    const { said, call } = await answered(gateway, hello({ model, ...body }));
    expect([said.warnings, said.ignored]).toEqual(['', []]);
    for (const name of Object.keys(body)) expect(call.native).not.toHaveProperty(name);
  });
});

describe('a system message', () => {
  const order = { role: 'system', output_config: { effort: 'low' } };
  test.each([sonnet55, sonnet45, novaPro])(
    'that only orders something may have no content: %s',
    async (model) => {
      for (const [, headers] of lanes) {
        for (const path of ['/messages', '/messages/count_tokens']) {
          for (const message of [order, { ...order, content: null }]) {
            const body = hello({ model, messages: [hi, message] });
            const said = await ask(gateway.stack, body, headers, path);
            expect([path, said.status, said.error]).toEqual([path, 200, undefined]);
          }
        }
      }
    },
  );

  test.each([sonnet55, sonnet45, novaPro])(
    'is shown until the next user’s turn where it says so: %s',
    async (model) => {
      const shown = (content: string) => ({ role: 'system', content, clear_at: 'next_user_message' });
      const messages = [
        user('One'),
        shown('FIRST'),
        assistant('1'),
        user('Two'),
        { role: 'system', content: 'STAYS', clear_at: 'never' },
        assistant('2'),
        user('Three'),
        shown('SECOND'),
      ];
      for (const [, headers] of lanes) {
        gateway.bedrock.script();
        const { call } = await answered(gateway, hello({ model, messages }), headers);
        const sent = JSON.stringify(call.native);
        expect(sent).not.toContain('FIRST');
        expect(sent).not.toContain('clear_at');
        expect(sent).toContain('STAYS');
        expect(sent).toContain('SECOND');
      }
    },
  );
});

describe('what is wrong with a request is said', () => {
  test.each<[body: Record<string, unknown>, words: string]>([
    [{ max_tokens: 10.5 }, 'max_tokens: expected a whole number, but got 10.5'],
    [{ top_k: 1.5 }, 'top_k: expected a whole number, but got 1.5'],
  ])('%j', async (body, words) => {
    const said = await ask(gateway.stack, hello(body));
    expect([said.status, said.error?.message]).toEqual([400, words]);
  });

  test('null is nothing that could be ignored', async () => {
    for (const [, headers] of lanes) {
      gateway.bedrock.script();
      const { said } = await answered(gateway, hello({ top_k: null, temperature: null }), headers);
      expect(said.ignored).toEqual([]);
    }
  });
});

describe('an image of a type that there is not is what its bytes are', () => {
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  test.each([undefined, null, 'image/x-png', 'application/octet-stream', 'IMAGE/PNG'])(
    '%s',
    async (media_type) => {
      const image = { type: 'image', source: { type: 'base64', media_type, data } };
      for (const [, headers] of [...lanes, ['another model', {}]] as const) {
        gateway.bedrock.script();
        const { call } = await answered(
          gateway,
          hello({ messages: [user([image, { type: 'text', text: 'x' }])] }),
          headers,
        );
        const sent = JSON.stringify(call.native);
        expect(sent.includes('"media_type":"image/png"') || sent.includes('"format":"png"')).toBe(true);
      }
    },
  );
});
