import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capture, captureNames, type MessagesBody } from '../../support/captures.ts';
import { runtimeCalls } from '../../support/chat.ts';
import {
  byConverse,
  gptOss,
  haiku45,
  novaPro,
  opus46,
  opus55,
  replay,
  sonnet45,
  sonnet55,
} from '../../support/messages.ts';
import { signedBySimulator } from '../../support/messages-signed.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What real clients send, to models of every family, on a simulator that refuses what Bedrock refuses. */

let stack: Stack;
beforeAll(async () => {
  // A refusal may be repaired where the table does not know better.
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '2' }, simulator: { retired: true } });
});
afterAll(() => stack.close());

const names = captureNames(/\/messages-/);
/** What is refused by the gateway itself, whatever the model, and the word that says why. */
const refused: Record<string, RegExp> = {
  'claude-code/messages-websearch': /web_search/,
  'ai-sdk/messages-typed-tools': /_\d{8}/,
  'anthropic-node/messages-typed-tools': /mcp_servers|container|_\d{8}/,
  'anthropic-node/messages-toolrunner-turn1': /thread/,
  'anthropic-node/messages-toolrunner-turn2': /thread/,
  'anthropic-node/messages-toolrunner-refused-turn1': /thread/,
  'anthropic-py/messages-toolrunner-turn1': /thread/,
  'anthropic-py/messages-toolrunner-turn2': /thread/,
  // Its image has an address that is not public.
  'anthropic-node/messages-stream-media': /127\.0\.0\.1/,
};

const families = [
  haiku45,
  sonnet45,
  opus46,
  'us.anthropic.claude-opus-4-8',
  sonnet55,
  opus55,
  'us.anthropic.claude-fable-5-1',
  novaPro,
  'us.amazon.nova-2-lite-v1:0',
  gptOss,
  'us.openai.gpt-5.6-luna',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-3-675b-instruct',
  'qwen.qwen3-32b-v1:0',
  'us.moonshotai.kimi-k3.1',
  'deepseek.v3.2',
  'us.writer.palmyra-x5-v1:0',
];

/** Where sources disagree about what a model takes, it is tried; the first refusal teaches it. */
const undecided: Record<string, RegExp> = {
  [opus55]: /\/messages-(object|parse)$/,
};

/** Nobody is looked for outside of this machine. */
const near = (body: MessagesBody): MessagesBody =>
  JSON.parse(JSON.stringify(body).replaceAll('https://x.example/', 'https://127.0.0.1/'));

/** Replays one capture and checks what came of it: an answer, or a refusal by the gateway that says why. */
async function check(name: string, model: string, headers: Record<string, string> = {}): Promise<void> {
  stack.simulator.calls.length = 0;
  const said = await replay(stack, name, { model, headers, body: (body) => near(signedBySimulator(body)) });
  const upstream = runtimeCalls(stack).map(({ operation, status }) => `${operation} ${status}`);
  const where = `${name} to ${model}`;
  if (refused[name]) {
    expect(upstream, where).toEqual([]);
    expect(said.status, where).toBe(400);
    expect(said.error?.message).toMatch(refused[name]);
    return;
  }
  // A model that cannot see is told so before it is called.
  if (said.status === 400 && upstream.length === 0) {
    expect(said.error?.message, where).toMatch(/image|document/);
    return;
  }
  expect(said.error?.message, where).toBeUndefined();
  if (undecided[model]?.test(name)) expect(upstream.at(-1), where).toMatch(/ 200$/);
  else expect(upstream, where).toEqual([expect.stringMatching(/ 200$/)]);
  expect(said.message?.stop_reason, where).toEqual(expect.any(String));
}

describe('on the model that it was meant for', () => {
  test.each(names)('%s', async (name) => {
    const { model } = capture(name).body;
    const meant = typeof model === 'string' && model.length > 1 ? model : sonnet55;
    await check(name, meant);
  });
});

test('M84 on any other', async () => {
  const seed = Number(process.env.CAPTURES_SEED ?? Math.trunc(Math.random() * 0x7fffffff));
  console.log(`captures on any model: CAPTURES_SEED=${seed}`);
  const lane = fc.constantFrom({}, {}, byConverse);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.constantFrom(...families), lane, check), {
    numRuns: Number(process.env.CAPTURES_RUNS ?? 150),
    seed,
    endOnFailure: true,
  });
});
