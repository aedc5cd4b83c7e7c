import { describe, expect, test } from 'vitest';
import { type Block, capture, type MessagesBody } from '../../support/captures.ts';
import {
  ask,
  blocksOf,
  type Change,
  gptOss,
  haiku45,
  hello,
  novaPro,
  objectsIn,
  replay,
  sonnet45,
  sonnet55,
} from '../../support/messages.ts';
import { scriptedGateway } from '../../support/scripted-gateway.ts';

/** What Claude Code sends, and what of it reaches Bedrock. */

const gateway = scriptedGateway();

const turns = (name: string) => [1, 2, 3].map((turn) => `claude-code/messages-${name}turn${turn}`);

/** Replays a capture that is answered, and returns the one body that was sent for it. */
async function native(name: string, change: Change = {}): Promise<MessagesBody> {
  const said = await replay(gateway.stack, name, change);
  expect([said.status, said.error]).toEqual([200, undefined]);
  expect(said.message).toMatchObject({
    stop_reason: 'end_turn',
    model: change.model ?? capture(name).body.model,
  });
  expect(gateway.bedrock.calls).toHaveLength(1);
  expect(gateway.bedrock.last().operation).toBe('InvokeModelWithResponseStream');
  return gateway.bedrock.last().native;
}

const thinkingOf = (body: MessagesBody) => blocksOf(body).filter(({ type }) => type.endsWith('thinking'));
const userTexts = ({ messages = [] }: MessagesBody) =>
  messages.flatMap(({ role, content }) =>
    role === 'user' && Array.isArray(content) ? content.filter(({ type }) => type === 'text') : [],
  );

describe('its usual conversation, with the newest Claude', () => {
  test.each(turns(''))('M01 the client’s own body goes to InvokeModel: %s', async (name) => {
    const { body } = capture(name);
    const sent = await native(name);
    expect(gateway.bedrock.last().modelId).toBe(sonnet55);
    expect(sent).toMatchObject({ anthropic_version: 'bedrock-2023-05-31', system: body.system });
    expect(sent).not.toHaveProperty('model');
    expect(sent).not.toHaveProperty('stream');
    expect(JSON.stringify(thinkingOf(sent))).toBe(JSON.stringify(thinkingOf(body)));
    expect(sent.tools?.map(({ name }) => name)).toEqual(body.tools?.map(({ name }) => name));
  });

  test.each(turns(''))('M02 N17 of its betas only those that the model takes: %s', async (name) => {
    const sent = await native(name);
    const taken = [
      'interleaved-thinking-2025-05-14',
      'tool-search-tool-2025-10-19',
      'thinking-token-count-2026-05-13',
    ];
    for (const beta of sent.anthropic_beta ?? []) expect(taken).toContain(beta);
    expect(sent).not.toHaveProperty('context_management');
    for (const turn of sent.messages ?? []) expect(turn).not.toHaveProperty('output_config');
    expect(sent).toMatchObject({ output_config: { effort: 'medium' }, thinking: { type: 'adaptive' } });
  });
});

describe('older and other models', () => {
  test('N17 a flag that only Anthropic itself takes stays behind', async () => {
    const betas = { 'anthropic-beta': 'claude-code-20250219,context-1m-2025-08-07' };
    const said = await ask(gateway.stack, hello({ model: sonnet45 }), betas);
    expect([said.status, gateway.bedrock.last().operation]).toEqual([200, 'InvokeModel']);
    expect(gateway.bedrock.last().native.anthropic_beta).toEqual(['context-1m-2025-08-07']);
  });

  test.each(turns('sonnet45-'))('M03 a budget stays below max_tokens, without display: %s', async (name) => {
    const { body } = capture(name);
    const sent = await native(name);
    expect(sent.thinking).toEqual({ type: 'enabled', budget_tokens: 31_999 });
    expect(sent.max_tokens).toBe(32_000);
    expect(userTexts(sent)).toEqual(userTexts(body));
    expect(userTexts(sent).length).toBeGreaterThanOrEqual(10);
  });

  test('M04 the oldest: no thinking, no betas, all tools', async () => {
    const sent = await native('claude-code/messages-haiku35-turn1', {
      model: 'us.anthropic.claude-3-5-haiku-20241022-v1:0',
    });
    expect(sent).not.toHaveProperty('thinking');
    expect(sent.anthropic_beta ?? []).toEqual([]);
    expect(sent.tools).toHaveLength(25);
  });

  test.each(turns('gptoss-'))('M05 gpt-oss is asked by Converse: %s', async (name) => {
    const { body } = capture(name);
    const said = await replay(gateway.stack, name, { model: gptOss });
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(said.message?.stop_reason).toBe('end_turn');
    expect(gateway.bedrock.last()).toMatchObject({ operation: 'ConverseStream', modelId: gptOss });
    const { converse } = gateway.bedrock.last();
    const whole = JSON.stringify(converse);
    for (const { role, content } of body.messages ?? []) {
      const text = typeof content === 'string' ? content : (content[0]?.text ?? '');
      if (role === 'system') expect(whole).toContain(JSON.stringify(text).slice(1, -1));
    }
    expect(converse.messages.map(({ role }) => role)).not.toContain('system');
    expect(whole).not.toMatch(/anthropic|context_management|cachePoint|output_config|"thinking"|signature/);
  });

  test('M06 Nova: what it cannot do is left out, and so is the billing header', async () => {
    const said = await replay(gateway.stack, 'claude-code/messages-nova-turn1', { model: novaPro });
    expect(said.status).toBe(200);
    expect(gateway.bedrock.last().operation).toBe('ConverseStream');
    const { converse } = gateway.bedrock.last();
    expect(converse.additionalModelRequestFields ?? {}).toEqual({});
    expect(JSON.stringify(converse)).not.toMatch(/billing-header|adaptive|output_config/);
  });
});

describe('system messages in the conversation', () => {
  const emptySystem = ({ messages = [] }: MessagesBody) =>
    messages.filter(({ role, content }) => role === 'system' && content.length === 0);

  test('M07 one that holds nothing but settings is not sent', async () => {
    const name = 'claude-code/messages-after-compact';
    expect(emptySystem(capture(name).body)).toHaveLength(1);
    expect(emptySystem(await native(name))).toEqual([]);
  });

  test('M08 the first message', async () => {
    const messages = [
      { role: 'system', content: 'Speak like a pirate.' },
      { role: 'user', content: 'Hello there' },
    ];
    const said = await ask(gateway.stack, hello({ messages }));
    expect(said.status).toBe(200);
    const { native: sent } = gateway.bedrock.last();
    expect(sent.messages?.[0]?.role).toBe('user');
    expect(JSON.stringify(sent)).toContain('Speak like a pirate.');
  });

  test('M09 between assistant and user, where the model takes none', async () => {
    const messages = [
      { role: 'user', content: 'Hello there' },
      { role: 'assistant', content: 'Good day.' },
      { role: 'system', content: 'Speak like a pirate.' },
      { role: 'user', content: 'How are you?' },
    ];
    expect((await ask(gateway.stack, hello({ model: haiku45, messages }))).status).toBe(200);
    const { messages: sent = [] } = gateway.bedrock.last().native;
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(sent[2])).toMatch(
      /Speak like a pirate.*How are you|How are you.*Speak like a pirate/,
    );
  });
});

describe('tools that are loaded when they are searched for', () => {
  const names = [2, 3, 4].map((turn) => `claude-code/messages-mcp-turn${turn}`);
  const references = (body: MessagesBody) =>
    objectsIn(body.messages).filter(({ type }) => type === 'tool_reference');
  const deferred = ({ tools = [] }: MessagesBody) => tools.filter((tool) => tool.defer_loading);

  test.each(names)('M10 references and marks are kept, with their beta: %s', async (name) => {
    const { body } = capture(name);
    const sent = await native(name);
    expect(references(sent)).toEqual(references(body));
    expect(deferred(sent).map((tool) => tool.name)).toEqual(deferred(body).map((tool) => tool.name));
    expect(references(sent)).toHaveLength(2);
    expect(sent.anthropic_beta).toContain('tool-search-tool-2025-10-19');
  });

  const both = ['mcp__lab__fail', 'mcp__lab__get_image'];
  test.each<[string, string, string[]]>([
    ['claude-code/messages-mcp-turn1', gptOss, []],
    ['claude-code/messages-mcp-turn2', gptOss, both],
    ...names.map((name): [string, string, string[]] => [name, novaPro, both]),
  ])('M11 elsewhere only what has been found is there: %s, %s', async (name, model, found) => {
    const said = await replay(gateway.stack, name, { model });
    expect(said.status).toBe(200);
    const { converse } = gateway.bedrock.last();
    const tools = converse.toolConfig?.tools.flatMap((tool) => tool.toolSpec?.name ?? []) ?? [];
    expect(tools.filter((tool) => tool.startsWith('mcp__')).sort()).toEqual(found);
    expect(tools).not.toContain('DeferredToolPlaceholder');
    expect(tools).toContain('ToolSearch');
    expect(JSON.stringify(converse)).not.toMatch(/tool_reference|defer_loading/);
    const results = JSON.stringify(
      converse.messages.flatMap(({ content }) => content.filter((each) => each.toolResult)),
    );
    for (const tool of found) expect(results).toContain(tool);
  });
});

describe('files in the results of tools', () => {
  const name = 'claude-code/messages-media-turn3';
  const results = (body: MessagesBody): Block[] =>
    blocksOf(body).filter(({ type }) => type === 'tool_result');

  test('M13 reach Claude as they were, in their order', async () => {
    const { body } = capture(name);
    const sent = await native(name);
    const bare = ({ cache_control: _, ...block }: Block) => block;
    expect(results(sent).map(bare)).toEqual(results(body).map(bare));
    const kinds = results(sent).flatMap(({ content }) =>
      (Array.isArray(content) ? content : []).map(({ type }) => type),
    );
    expect(kinds).toEqual(['image', 'text', 'document']);
  });

  test.each([novaPro, gptOss])('M14 reach %s in a form that it takes, or leave a note', async (model) => {
    const said = await replay(gateway.stack, name, { model });
    expect(said.status).toBe(200);
    const { converse } = gateway.bedrock.last();
    const told = converse.messages.flatMap(({ content }) =>
      content.flatMap(({ toolResult }) => toolResult ?? []),
    );
    expect(told.map(({ toolUseId }) => toolUseId).sort()).toEqual(
      results(capture(name).body)
        .map(({ tool_use_id }) => tool_use_id)
        .sort(),
    );
    // gpt-oss has no status of results.
    expect(told.filter(({ status }) => status === 'error')).toHaveLength(model === gptOss ? 0 : 1);
    const notes = told.flatMap(({ content }) => content).filter(({ text = '' }) => /left out/.test(text));
    expect(notes).toHaveLength(model === gptOss ? 2 : 0);
    for (const { content } of told) expect(content.length).toBeGreaterThan(0);
  });
});

describe('its other requests', () => {
  test('M15 a search that Anthropic would run is a 400 that names it', async () => {
    const said = await replay(gateway.stack, 'claude-code/messages-websearch');
    expect(said.status).toBe(400);
    expect(said.error).toMatchObject({ type: 'invalid_request_error' });
    expect(said.error?.message).toContain('web_search');
    expect(gateway.bedrock.calls).toEqual([]);
  });

  test('M16 a summary is asked for with the same tools', async () => {
    const name = 'claude-code/messages-compact';
    const sent = await native(name);
    expect(sent.tools?.map(({ name }) => name)).toEqual(capture(name).body.tools?.map(({ name }) => name));
    expect(sent.anthropic_beta ?? []).not.toContain('fallback-credit-2026-06-01');
  });

  test('M17 without streaming the answer is the same', async () => {
    const name = 'claude-code/messages-nonstream-fallback';
    const whole = await replay(gateway.stack, name);
    const streamed = await replay(gateway.stack, name, { body: (body) => ({ ...body, stream: true }) });
    expect(whole.headers.get('content-type')).toBe('application/json');
    expect(gateway.bedrock.calls.map(({ operation }) => operation)).toEqual([
      'InvokeModel',
      'InvokeModelWithResponseStream',
    ]);
    expect(whole.message).toEqual(streamed.message);
  });
});
