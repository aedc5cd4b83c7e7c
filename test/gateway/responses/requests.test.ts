import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  blocksOf,
  type Heard,
  opus,
  qwen,
  respond,
  resultsOf,
  sonnet,
  textOf,
  toolNames,
  usesOf,
} from '../../support/asking-responses.ts';
import type { ResponsesBody } from '../../support/responses-captures.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What a request asks for, as its client sees it and as Bedrock gets it. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ simulator: { retired: true } });
});
afterAll(() => stack.close());

const ask = (body: ResponsesBody): Promise<Heard> =>
  respond(stack, { model: sonnet, input: 'Hello', ...body });
const user = (content: unknown) => ({ role: 'user', content });
const fn = (name: string, more: object = {}) => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  ...more,
});
const call = (call_id: string, args: unknown = '{}') => ({
  type: 'function_call',
  call_id,
  name: 'f',
  arguments: args,
});
const output = (call_id: string, value: unknown = 'ok') => ({
  type: 'function_call_output',
  call_id,
  output: value,
});
const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

describe('tools', () => {
  test('R08 custom tools with a grammar', async () => {
    const format = (syntax: string) => ({ type: 'grammar', syntax, definition: `rule of ${syntax}` });
    const tools = ['lark', 'regex'].map((syntax) => ({
      type: 'custom',
      name: syntax,
      format: format(syntax),
    }));
    const heard = await ask({ tools });
    expect(heard.status).toBe(200);
    for (const syntax of ['lark', 'regex']) {
      expect(JSON.stringify(heard.sent?.toolConfig)).toContain(`rule of ${syntax}`);
    }
  });

  test('R41 local_shell', async () => {
    const heard = await ask({
      tools: [{ type: 'local_shell' }],
      input: '[[call:local_shell {"command":["ls","-l"]}]]',
    });
    expect(heard.response.output).toContainEqual(
      expect.objectContaining({
        type: 'local_shell_call',
        action: expect.objectContaining({ type: 'exec', command: ['ls', '-l'] }),
      }),
    );
  });

  test('R43 a choice of a tool that OpenAI runs', async () => {
    const heard = await ask({
      tools: [{ type: 'web_search' }, fn('f')],
      tool_choice: { type: 'web_search' },
    });
    expect([heard.status, heard.error?.param]).toEqual([400, 'tool_choice']);
    expect(heard.sent).toBeUndefined();
  });

  test('R44 allowed tools', async () => {
    const tools = [{ type: 'function', name: 'g' }];
    const tool_choice = { type: 'allowed_tools', mode: 'required', tools };
    const heard = await ask({
      model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      tools: [fn('f'), fn('g')],
      tool_choice,
    });
    expect(toolNames(heard)).toEqual(['g']);
    expect(heard.sent?.toolConfig?.toolChoice).toEqual({ any: {} });
    expect(heard.response.output).toMatchObject([{ type: 'function_call', name: 'g' }]);
  });

  test('R45 tool_choice none beside earlier calls', async () => {
    const input = [user('Hi'), call('c1'), output('c1'), user('And now?')];
    const heard = await ask({ tools: [fn('f')], tool_choice: 'none', input });
    expect(heard.response.output?.map(({ type }) => type)).not.toContain('function_call');
    expect([usesOf(heard).length, resultsOf(heard).length]).toEqual([1, 1]);
  });

  test('R46 one call at a time', async () => {
    const heard = await ask({ tools: [fn('f')], parallel_tool_calls: false });
    expect(heard.sent?.additionalModelRequestFields).toMatchObject({
      tool_choice: { disable_parallel_tool_use: true },
    });
  });

  test('R54 what nobody knows is named', async () => {
    const heard = await ask({
      hologram: 1,
      tools: [fn('f'), { type: 'teleporter' }],
      input: [user('Hi'), { type: 'séance_call', id: 'x' }],
    });
    expect(heard.status).toBe(200);
    expect(heard.ignored).toMatch(/hologram.*teleporter.*s\?ance_call/);
  });
});

describe('the history', () => {
  test('R47 arguments that are no object', async () => {
    const input = [user('Hi'), call('c1', ''), call('c2', '{"a":'), output('c1'), output('c2')];
    const heard = await ask({ tools: [fn('f')], input });
    const [first, second] = usesOf(heard);
    expect(heard.status).toBe(200);
    expect(first?.input).toEqual({});
    expect(Object.values(second?.input as object)).toEqual(['{"a":']);
  });

  test('R48 an image in a result', async () => {
    const result = output('c1', [
      { type: 'input_text', text: 'See:' },
      { type: 'input_image', image_url: png },
    ]);
    const body = { tools: [fn('f')], input: [user('Hi'), call('c1'), result] };
    expect(resultsOf(await ask(body))[0]?.content).toEqual([
      { text: 'See:' },
      { image: { format: 'png', source: { bytes: expect.any(String) } } },
    ]);
    // A session that once looked at a picture goes on with a model that takes none.
    const noted = await ask({ ...body, model: qwen });
    expect(noted.status).toBe(200);
    expect(resultsOf(noted)[0]?.content).toEqual([
      { text: 'See:' },
      { text: '[image left out: the model takes no image input]' },
    ]);
  });

  test('R49 a result that says nothing', async () => {
    const heard = await ask({ tools: [fn('f')], input: [user('Hi'), call('c1'), output('c1', '')] });
    expect(heard.status).toBe(200);
    expect(resultsOf(heard)[0]?.content).toHaveLength(1);
  });

  test('R50 a call without a result, a result without a call', async () => {
    const heard = await ask({
      tools: [fn('f')],
      input: [user('Hi'), call('c1'), user('Well?'), output('gone', 'orphan')],
    });
    expect(heard.status).toBe(200);
    expect(resultsOf(heard)).toMatchObject([{ toolUseId: 'c1', status: 'error' }]);
    expect(JSON.stringify(blocksOf(heard))).toContain('orphan');
  });

  test('R51 a developer message in the middle leaves what is before it as it was', async () => {
    const before = [{ role: 'developer', content: 'D' }, user('Hi'), { role: 'assistant', content: 'Yes?' }];
    const first = await ask({ input: [...before, user('One')] });
    const second = await ask({
      input: [
        ...before,
        user('One'),
        { role: 'assistant', content: 'Two' },
        { role: 'developer', content: 'Z' },
        user('Go'),
      ],
    });
    expect(second.sent?.system).toEqual(first.sent?.system);
    expect(second.sent?.messages.slice(0, 3)).toEqual(first.sent?.messages);
  });

  test('R52 several messages of one role in a row', async () => {
    const said = (content: string) => ({ role: 'assistant', content });
    const heard = await ask({
      input: [user('a'), user('b'), said('1'), said('2'), said('3'), said('4'), user('c')],
    });
    const texts = heard.sent?.messages.map(({ content }) => content.map((block) => Object.values(block)[0]));
    expect(texts).toEqual([['a', 'b'], ['1', '2', '3', '4'], ['c']]);
  });

  test('R53 input', async () => {
    expect((await ask({ input: 'Hello' })).status).toBe(200);
    const empty = await ask({ input: [] });
    expect([empty.status, empty.error?.param]).toEqual([400, 'input']);
    const { input: _, ...missing } = { model: sonnet, input: 0 };
    const heard = await respond(stack, missing);
    expect([heard.status, heard.error?.code]).toEqual([400, 'missing_required_parameter']);
  });
});

describe('parameters', () => {
  test('R70 a mark for the cache', async () => {
    const long = 'word '.repeat(3000);
    const part = { type: 'input_text', text: long, prompt_cache_breakpoint: { mode: 'explicit' } };
    const heard = await ask({ input: [user([part]), { role: 'assistant', content: 'Yes?' }, user('Hi')] });
    expect(heard.sent?.messages[0]?.content).toEqual([{ text: long }, { cachePoint: { type: 'default' } }]);
  });

  test('R71 JSON without a schema', async () => {
    const heard = await ask({ text: { format: { type: 'json_object' } } });
    expect(typeof JSON.parse(textOf(heard))).toBe('object');
    expect(heard.warnings).toContain('text.format');
  });

  test('R72 no reasoning, or as little as there is', async () => {
    const off = await ask({
      model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      reasoning: { effort: 'none' },
    });
    expect(off.sent?.additionalModelRequestFields?.thinking).toBeUndefined();
    const least = await ask({ reasoning: { effort: 'none' } });
    expect(least.sent?.additionalModelRequestFields).toMatchObject({ thinking: { type: 'between_tools' } });
    const low = await ask({ model: opus, reasoning: { effort: 'none' } });
    expect(low.sent?.additionalModelRequestFields).toMatchObject({ output_config: { effort: 'low' } });
    expect(low.warnings).toContain('cannot be switched off');
  });

  test('R73 a summary is asked for, and what nobody asked for is not shown', async () => {
    const thinking = ({ sent }: Heard) => sent?.additionalModelRequestFields?.thinking;
    const shown = { type: 'adaptive', display: 'summarized' };
    expect(thinking(await ask({ reasoning: { summary: 'auto' } }))).toEqual(shown);
    expect(thinking(await ask({ reasoning: { summary: 'auto', effort: 'high' } }))).toEqual(shown);
    expect(thinking(await ask({ reasoning: { effort: 'high' } }))).toEqual({ type: 'adaptive' });
    expect(thinking(await ask({}))).toBeUndefined();
  });

  test('R74 metadata', async () => {
    const metadata = { team: 'a', project: 'b', run: 'c' };
    const heard = await ask({ metadata });
    expect(heard.sent?.requestMetadata).toMatchObject(metadata);
    expect(heard.response.metadata).toEqual(metadata);
  });

  test('R82 a long history has its cache points, four at most', async () => {
    const turns = Array.from({ length: 100 }, (_, i) => [
      user(`${i} ${'word '.repeat(80)}`),
      call(`c${i}`),
      output(`c${i}`),
      { role: 'assistant', content: 'Done.' },
    ]);
    const marked = { type: 'input_text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } };
    const marks = Array.from({ length: 6 }, () => user([marked]));
    const heard = await ask({ tools: [fn('f')], input: [...turns.flat(), ...marks] });
    const points = blocksOf(heard).filter((block) => 'cachePoint' in block);
    expect(heard.status).toBe(200);
    expect(points.length).toBeGreaterThan(0);
    expect(points.length).toBeLessThanOrEqual(4);
  });
});
