import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses } from '../../support/bedrock-replies.ts';
import { type StandIn, startStandIn } from '../../support/bedrock-stand-in.ts';
import { type Block, capture, type MessagesBody, type Turn } from '../../support/captures.ts';
import {
  ask,
  hello,
  opus46,
  replay,
  type Said,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Refusals that a request can be changed for: it is sent once more, and its client is told what it lost. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
});
beforeEach(async () => {
  // One that has learned nothing yet.
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '2' } });
});
afterEach(() => stack.close());
afterAll(() => standIn.close());

/** What is sent after a refusal. */
async function repaired(words: string, send: () => Promise<Said>): Promise<MessagesBody> {
  standIn.script(refuses('ValidationException', words));
  const said = await send();
  expect([said.status, said.error]).toEqual([200, undefined]);
  expect(standIn.calls).toHaveLength(2);
  expect(`${said.warnings} ${said.ignored}`).toMatch(/\w/);
  return standIn.last().native;
}

test('M12 a mark of a deferred tool', async () => {
  const words = 'tools.11.custom.defer_loading: Extra inputs are not permitted';
  const sent = await repaired(words, () => replay(stack, 'claude-code/messages-mcp-turn4'));
  expect(JSON.stringify(sent)).not.toMatch(/defer_loading|tool_reference/);
  expect(sent.anthropic_beta ?? []).not.toContain('tool-search-tool-2025-10-19');
  // Those that the history calls are there without it.
  expect(sent.tools?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['mcp__lab__fail', 'mcp__lab__get_image']),
  );
});

test('M66 a flag that the model does not know after all', async () => {
  const betas = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,context-1m-2025-08-07' };
  const sent = await repaired('invalid beta flag', () => ask(stack, hello({ model: sonnet45 }), betas));
  expect(sent.anthropic_beta ?? []).toEqual([]);
});

test('the line of Claude Code for billing, where a model does not take it even alone', async () => {
  const words = 'x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt.';
  const sent = await repaired(words, () => replay(stack, 'claude-code/messages-turn1'));
  const system = sent.system as Block[];
  expect(system).toEqual((capture('claude-code/messages-turn1').body.system as Block[]).slice(1));
});

test('N19 a format that the model refuses is asked for by a tool, and at once from then on', async () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const body = hello({ model: opus46, output_config: { format: { type: 'json_schema', schema } } });
  standIn.script(refuses('ValidationException', 'output_config.format: Extra inputs are not permitted'));
  await ask(stack, body);
  await ask(stack, body);
  const formats = standIn.calls.map(({ native, converse }) =>
    JSON.stringify(native ?? converse).includes('json_schema'),
  );
  expect(formats.slice(0, 2)).toEqual([true, false]);
  if (stack.processes() === 1) expect(formats).toEqual([true, false, false]);
  expect(standIn.last().converse.toolConfig?.tools).toHaveLength(1);
});

describe('other refusals', () => {
  test('more tokens than the model writes', async () => {
    const words =
      'max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-sonnet-5-5';
    const sent = await repaired(words, () => ask(stack, hello({ max_tokens: 64_000 })));
    expect(sent.max_tokens).toBe(32_000);
  });

  test('a signature', async () => {
    const thinking = { type: 'thinking', thinking: 'Let me see.', signature: 'Zm9yZ2Vk' };
    const [called, result] = toolTurns('toolu_1', 'get_weather') as [Turn, Turn];
    const messages = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: [thinking, ...(called.content as Block[])] },
      result,
    ];
    const words = 'messages.1.content.0: Invalid `signature` in `thinking` block';
    const body = hello({ model: sonnet55, messages, tools: [tool('get_weather')] });
    const sent = await repaired(words, () => ask(stack, body));
    expect(JSON.stringify(sent)).not.toContain('Zm9yZ2Vk');
    expect(JSON.stringify(sent.messages)).toContain('toolu_1');
  });

  test('a second refusal of the same is passed on', async () => {
    const words = 'context_management: Extra inputs are not permitted';
    standIn.script(...Array.from({ length: 3 }, () => refuses('ValidationException', words)));
    const said = await ask(stack, hello());
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(said.error?.message).toContain(words);
    expect(standIn.calls.length).toBeLessThanOrEqual(2);
  });
});
