import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  blocksOf,
  novaPro,
  qwen,
  respond,
  resultsOf,
  sonnet,
  textOf,
  toolNames,
  usesOf,
} from '../../support/asking-responses.ts';
import { captured, readCapture } from '../../support/responses-captures.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Requests of real clients, on a Bedrock that is strict. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ simulator: { retired: true } });
});
afterAll(() => stack.close());

const replay = (name: string, model = sonnet, more: object = {}) =>
  respond(stack, { ...captured(name, model), ...more });

const codexTools = [
  ...['exec_command', 'write_stdin', 'request_user_input', 'view_image'],
  ...['close_agent', 'resume_agent', 'send_input', 'spawn_agent', 'wait_agent'].map(
    (name) => `multi_agent_v1__${name}`,
  ),
  ...['get_goal', 'create_goal', 'update_goal'],
];

describe('Codex', () => {
  test.each([1, 2, 3])('R01 turn %i on Claude', async (turn) => {
    const name = `codex/responses-turn${turn}`;
    const heard = await replay(name);
    const developer = captured(name, '').input.filter(({ role }) => role === 'developer');
    const parts = developer.flatMap(({ content }) => content as { text: string }[]);
    expect([heard.status, heard.response.status]).toEqual([200, 'completed']);
    expect(heard.sent?.system).toEqual(parts.map(({ text }) => ({ text })));
    expect(toolNames(heard)).toEqual(codexTools);
    expect(JSON.stringify(heard.sent)).not.toMatch(/web_search|client_metadata|prompt_cache_key/);
    expect(heard.ignored).toContain('web_search');
  });

  test.each([qwen, novaPro].flatMap((model) => [1, 2, 3].map((turn) => [model, turn] as const)))(
    'R02 on %s, turn %i',
    async (model, turn) => {
      const heard = await replay(`codex/responses-turn${turn}`, model);
      expect([heard.status, heard.response.status]).toEqual([200, 'completed']);
      expect(toolNames(heard)).toHaveLength(codexTools.length);
    },
  );

  test('R05 calls of MCP tools in the history have the names of the tools', async () => {
    const heard = await replay('codex/responses-mcp-turn3');
    const called = usesOf(heard).map(({ name }) => name);
    expect(heard.status).toBe(200);
    expect(called.filter((name) => toolNames(heard).includes(name))).toHaveLength(called.length - 1);
    expect(resultsOf(heard).some(({ content }) => content.some((part) => 'image' in part))).toBe(true);
  });

  test.each([2, 3, 4])('R06 apply_patch in the history, turn %i', async (turn) => {
    const heard = await replay(`codex/responses-patch-turn${turn}`);
    const patches = usesOf(heard).filter(({ name }) => name === 'apply_patch');
    expect(heard.status).toBe(200);
    expect(patches.map(({ input }) => input)).toEqual(patches.map(() => ({ input: expect.any(String) })));
    expect(patches.length).toBeGreaterThan(0);
    expect(resultsOf(heard)).toHaveLength(usesOf(heard).length);
  });

  test.each([2, 3])('R09 tools that its search has found, turn %i', async (turn) => {
    const heard = await replay(`codex/responses-toolsearch-turn${turn}`);
    const found = [1, 2, 0].map((number) => `mcp__lab__lookup_item_number_${number}`);
    expect(heard.status).toBe(200);
    expect(toolNames(heard)).toEqual(expect.arrayContaining(['tool_search', ...found]));
    expect(usesOf(heard)[0]).toMatchObject({ name: 'tool_search', input: { limit: 3 } });
    expect(JSON.stringify(resultsOf(heard)[0]?.content)).toContain(found[0]);
  });

  test.each([1, 2, 3])('R11 tools in an item of the input, turn %i', async (turn) => {
    const heard = await replay(`codex/responses-gpt6-turn${turn}`);
    expect(heard.status).toBe(200);
    expect(toolNames(heard)).toEqual(
      expect.arrayContaining(['functions__exec', 'functions__wait', 'clock__sleep']),
    );
    expect(usesOf(heard).map(({ name }) => name)).toEqual(Array(turn - 1).fill('functions__exec'));
  });

  test('R11 the answer calls it as a custom tool of its namespace', async () => {
    const { input, ...body } = captured('codex/responses-gpt6-turn1', sonnet);
    const asked = { role: 'user', content: '[[call:functions__exec {"input":"text(1)"}]]' };
    const heard = await respond(stack, { ...body, input: [...input, asked] });
    expect(heard.response.output).toContainEqual(
      expect.objectContaining({
        type: 'custom_tool_call',
        name: 'exec',
        namespace: 'functions',
        input: 'text(1)',
      }),
    );
  });

  test('R12 schemas with members of its own', async () => {
    const heard = await replay('codex/responses-gpt6-turn1', 'us.meta.llama3-3-70b-instruct-v1:0');
    expect(JSON.stringify(captured('codex/responses-gpt6-turn1', '').input)).toContain('"encrypted":true');
    expect(heard.status).toBe(200);
  });

  test('R16 fields of the built-in provider', async () => {
    const heard = await replay('codex/responses-builtin-turn2');
    expect(heard.status).toBe(200);
    expect(JSON.stringify(heard.sent)).not.toContain('internal_');
  });

  test('R17 its WebSocket', async () => {
    const { headers } = readCapture('codex/probe-websocket');
    const { authorization: _, upgrade: _u, ...more } = headers;
    const answer = await stack.get('/responses', more);
    expect(answer.status).toBe(426);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test('R18 an image, effort and tier', async () => {
    const heard = await replay('codex/responses-image-turn1');
    expect(heard.status).toBe(200);
    expect(blocksOf(heard).some((block) => 'image' in block)).toBe(true);
    expect(heard.sent?.additionalModelRequestFields).toMatchObject({ output_config: { effort: 'high' } });
    expect(JSON.stringify([heard.sent?.serviceTier, heard.ignored])).toMatch(/flex|service_tier/);
  });

  test('R19 a schema for the last answer, beside tools', async () => {
    const { input, text, ...body } = captured('codex/responses-schema-turn1', sonnet);
    const call = { type: 'function_call', call_id: 'c', name: 'exec_command', arguments: '{"cmd":"ls"}' };
    const output = { type: 'function_call_output', call_id: 'c', output: 'a.txt' };
    const heard = await respond(stack, { ...body, text, input: [...input, call, output] });
    const { required } = (text as { format: { schema: { required: string[] } } }).format.schema;
    expect(heard.status).toBe(200);
    expect(Object.keys(JSON.parse(textOf(heard)))).toEqual(expect.arrayContaining(required));
    expect(toolNames(heard)).toEqual(expect.arrayContaining(codexTools));
  });
});

describe('others', () => {
  test('R37 LlamaIndex says null for what it does not set', async () => {
    const { body } = readCapture('llama-index/responses-turn1');
    const heard = await respond(stack, { ...body, model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' });
    const { temperature, topP } = heard.sent?.inferenceConfig ?? {};
    expect(heard.status).toBe(200);
    expect([temperature, topP].filter((value) => value !== undefined)).toHaveLength(1);
  });

  test('R38 LangChain: strict null, text {}', async () => {
    const heard = await replay('langchain-js/responses-turn1');
    expect([heard.status, toolNames(heard).length]).toEqual([200, 1]);
  });

  test('R39 Instructor gets the call, not a text', async () => {
    const heard = await replay('instructor/responses-object', 'us.anthropic.claude-haiku-4-5-20251001-v1:0');
    expect(heard.response.output?.map(({ type }) => type)).toEqual(['function_call']);
    expect(heard.sent?.outputConfig).toBeUndefined();
  });

  test.each([1, 2, 3])('R40 Agents: shell and apply_patch, turn %i', async (turn) => {
    const heard = await replay(`agents-js/responses-shell-patch-turn${turn}`);
    expect(heard.status).toBe(200);
    expect(toolNames(heard)).toEqual(['apply_patch', 'shell']);
    expect(resultsOf(heard)).toHaveLength(usesOf(heard).length);
    expect(resultsOf(heard).filter(({ status }) => status === 'error')).toHaveLength(turn === 3 ? 1 : 0);
  });

  test('R40 the calls go out as what they are', async () => {
    const body = captured('agents-js/responses-shell-patch-turn1', sonnet);
    const content =
      '[[call:shell {"commands":["ls"]}]] [[call:apply_patch {"operation":{"type":"delete_file","path":"a"}}]]';
    const heard = await respond(stack, { ...body, input: [{ role: 'user', content }] });
    const calls = heard.response.output?.filter(({ type }) => type?.endsWith('_call'));
    expect(calls).toEqual([
      expect.objectContaining({ type: 'shell_call', action: expect.objectContaining({ commands: ['ls'] }) }),
      expect.objectContaining({ type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a' } }),
    ]);
  });

  test('R42 tools that OpenAI runs are named; those that the client runs work', async () => {
    const { body } = readCapture('openai-node/responses-hosted-tools');
    const heard = await respond(stack, { ...body, model: sonnet, prompt: null });
    for (const type of [
      'file_search',
      'code_interpreter',
      'image_generation',
      'mcp',
      'computer_use_preview',
    ]) {
      expect(heard.ignored).toContain(`(${type})`);
    }
    expect(heard.status).toBe(200);
    expect(toolNames(heard)).toEqual(['c']);
  });
});
