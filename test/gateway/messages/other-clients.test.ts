import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses, type StandIn, says, startStandIn } from '../../support/bedrock-stand-in.ts';
import { capture, type MessagesBody } from '../../support/captures.ts';
import {
  blocksOf,
  type Change,
  objectsIn,
  opus55,
  replay,
  sonnet45,
  sonnet55,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What agents and frameworks other than Claude Code send, and what of it reaches Claude. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
  await standIn.close();
});

/** Replays a capture that is answered, and returns what was sent for it. */
async function sentFor(name: string, change: Change = { model: sonnet55 }): Promise<MessagesBody> {
  const said = await replay(stack, name, change);
  expect([said.status, said.error]).toEqual([200, undefined]);
  expect(standIn.calls).toHaveLength(1);
  expect(standIn.last().operation).toMatch(/^InvokeModel/);
  return standIn.last().native;
}

const turns = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}turn${i + 1}`);
const marked = (value: unknown) => objectsIn(value).filter((each) => each.cache_control != null);
const thinkingOf = (body: MessagesBody) => blocksOf(body).filter(({ type }) => type.endsWith('thinking'));

describe('Copilot CLI', () => {
  test.each(turns('copilot-cli/messages-effort-', 2))('M28 a budget becomes an effort: %s', async (name) => {
    const sent = await sentFor(name);
    expect(sent).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: expect.any(String) },
    });
    expect(sent.thinking).not.toHaveProperty('budget_tokens');
    expect(sent).not.toHaveProperty('temperature');
  });

  test.each(turns('copilot-cli/messages-', 3))(
    'M29 thinking that nobody asked for comes back: %s',
    async (name) => {
      const sent = await sentFor(name);
      expect(sent).not.toHaveProperty('temperature');
      expect(thinkingOf(sent)).toEqual(thinkingOf(capture(name).body));
    },
  );
});

describe('pi', () => {
  test.each(turns('pi/messages-', 3))(
    'M30 a budget becomes an effort, and the mark stays: %s',
    async (name) => {
      const sent = await sentFor(name);
      expect(sent).toMatchObject({
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: expect.stringMatching(/^(medium|high)$/) },
      });
      expect(sent.tools?.at(-1)?.cache_control).toEqual({ type: 'ephemeral' });
      expect(JSON.stringify(sent.tools)).not.toContain('eager_input_streaming');
    },
  );

  test.each([
    ['us.anthropic.claude-opus-4-6-v1', 'disabled'],
    ['us.anthropic.claude-haiku-5-5', 'disabled'],
    [sonnet55, undefined],
    [opus55, undefined],
  ])('M31 thinking is off where it can be: %s', async (model, type) => {
    const { thinking } = await sentFor('pi/messages-thinking-off', { model });
    if (type) expect(thinking).toEqual({ type });
    else expect([undefined, 'between_tools', 'adaptive']).toContain(thinking?.type);
  });
});

describe('opencode', () => {
  const names = ['title', 'high-turn1', 'turn1', 'turn2', 'turn3'].map((name) => `opencode/messages-${name}`);

  test.each(names)('M32 few marks, no fields without their betas: %s', async (name) => {
    for (const bound of [false, true]) {
      standIn.script();
      const sent = await sentFor(name, {
        model: sonnet55,
        ...(bound && {
          headers: { 'anthropic-beta': 'thinking-binding-controls-2026-08-01,structured-outputs-2025-11-13' },
          body: (body) => ({
            ...body,
            thinking: { type: 'adaptive', block_binding: 'strict' },
            tools: body.tools?.map((tool) => ({ ...tool, eager_input_streaming: true })),
          }),
        }),
      });
      const beta = sent.anthropic_beta?.includes('thinking-binding-controls-2026-08-01') ?? false;
      expect(sent.thinking?.block_binding !== undefined).toBe(beta);
      expect(sent.anthropic_beta ?? []).not.toContain('structured-outputs-2025-11-13');
      expect(JSON.stringify(sent.tools ?? [])).not.toContain('eager_input_streaming');
      expect(marked(sent).length).toBeLessThanOrEqual(4);
    }
  });
});

describe('the AI SDK', () => {
  test('M33 the mark of a request becomes one of a block', async () => {
    const sent = await sentFor('ai-sdk/messages-turn1');
    expect(sent).not.toHaveProperty('cache_control');
    expect(marked(sent)).toHaveLength(1);
    expect(sent.messages?.at(-1)?.content).toMatchObject([{ cache_control: { type: 'ephemeral' } }]);
  });

  test('M34 JSON is text, also where the model has no form for it', async () => {
    const answer = { city: 'Paris', n: 1 };
    // Whatever the gateway asks for, the model gives the JSON in that form.
    standIn.script((call, response) => {
      const tools = call.native.tools ?? call.converse.toolConfig?.tools ?? [];
      const spec = call.converse.toolConfig?.tools[0]?.toolSpec?.name ?? call.native.tools?.[0]?.name ?? '';
      const block = tools.length
        ? { type: 'tool_use', id: 'toolu_1', name: spec, input: answer }
        : { type: 'text', text: JSON.stringify(answer) };
      return says([block])(call, response);
    });
    const said = await replay(stack, 'ai-sdk/messages-object');
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(said.message?.content).toMatchObject([{ type: 'text' }]);
    expect(JSON.parse(said.message?.content[0]?.text ?? '')).toEqual(answer);
    expect(said.message?.stop_reason).toBe('end_turn');
    expect(standIn.last().native.output_config?.format).toBeUndefined();
  });

  test('M35 where it has one, it is used', async () => {
    standIn.script(says([{ type: 'text', text: '{"city":"Paris","n":null}' }]));
    const said = await replay(stack, 'ai-sdk/messages-object', { model: sonnet45 });
    expect(said.status).toBe(200);
    expect(JSON.parse(said.message?.content[0]?.text ?? '')).toEqual({ city: 'Paris', n: null });
    const { native, converse } = standIn.last();
    expect(native.output_config?.format ?? converse.outputConfig?.textFormat).toBeDefined();
  });

  test('a tool for JSON that must be called is called by its name', async () => {
    const name = 'ai-sdk/messages-object-old-model';
    const input = { city: 'Paris', n: 1 };
    standIn.script(says([{ type: 'tool_use', id: 'toolu_1', name: 'json', input }]));
    const said = await replay(stack, name, { model: sonnet45 });
    expect(said.message?.content).toMatchObject([{ type: 'tool_use', name: 'json', input }]);
    expect(standIn.last().native.tool_choice).toEqual(capture(name).body.tool_choice);
  });

  test.each(['ai-sdk/messages-typed-tools', 'anthropic-node/messages-typed-tools'])(
    'M36 the first tool that Bedrock has not is named: %s',
    async (name) => {
      const said = await replay(stack, name, {
        model: sonnet55,
        body: ({ mcp_servers: _, container: __, ...body }) => body,
      });
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message).toMatch(/computer_20250124|web_search_20250305/);
      expect(standIn.calls).toEqual([]);
    },
  );

  test.each(['mcp_servers', 'container'])(
    'what only Anthropic’s servers have is refused by name: %s',
    async (field) => {
      const said = await replay(stack, 'anthropic-node/messages-typed-tools', {
        model: sonnet55,
        body: ({ tools: _, mcp_servers, container, ...body }) => ({
          ...body,
          ...(field === 'mcp_servers' ? { mcp_servers } : { container }),
        }),
      });
      expect(said.status).toBe(400);
      expect(said.error?.message).toContain(field);
    },
  );
});

describe('LlamaIndex', () => {
  test('M45 thinking without its neighbour is sent as it came, and a refusal is passed on', async () => {
    const name = 'llama-index/messages-turn3';
    expect(thinkingOf(await sentFor(name, { model: sonnet45 }))).toEqual(thinkingOf(capture(name).body));
    const words = 'messages.3: thinking blocks in the latest assistant message cannot be modified.';
    standIn.script(refuses('ValidationException', words));
    const said = await replay(stack, name, { model: sonnet45 });
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(said.error?.message).toContain(words);
  });
});
