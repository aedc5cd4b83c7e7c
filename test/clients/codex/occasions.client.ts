import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { startRelay } from '../support/relay.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, toolsIn } from '../support/upstream.ts';
import { claude } from './models.ts';
import { type CodexOptions, type CodexSession, endOf, openCodex, saidIn } from './session.ts';

const program = `Codex ${versionOf('@openai/codex')}`;
/** Codex waits longer than this for no event of a stream. */
const idle = { stream_idle_timeout_ms: 3000, stream_max_retries: 0, request_max_retries: 0 };

let stack: Stack;
let codex: CodexSession | undefined;
beforeAll(async () => {
  // One call of Bedrock for one of Codex's: what Bedrock refuses reaches it.
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', HEARTBEAT_SECONDS: '1' } });
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return async () => {
    await codex?.close();
    codex = undefined;
  };
});
afterAll(() => stack.close());

async function open(more: Partial<CodexOptions> = {}): Promise<CodexSession> {
  codex = await openCodex({ url: stack.baseUrl, apiKey: stack.apiKey, model: claude, ...more });
  return codex;
}
const statuses = () => stack.logs.map(({ status }) => status);

describe('Codex', () => {
  it('runs scripts, where all its tools are one, on GPT-6.1', async ({ annotate }) => {
    const session = await open({ model: 'gpt-6.1-sol' });
    const script = JSON.stringify({ input: 'text("hello from a script");' });
    const turn = await session.say(`[[call:functions__exec ${script}]] Say hello.`);
    expect(endOf(turn)).toEqual({ code: 0 });
    const [first, last] = chatCalls(stack.simulator.calls);
    expect(toolsIn(first!)).toContain('functions__exec');
    expect(resultsIn(last!)).toMatchObject([{ text: expect.stringContaining('hello from a script') }]);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · gpt-6.1-sol: code mode; ${countsOf(stack.simulator.calls)}`);
  });

  it('answers by a schema', async ({ annotate }) => {
    const session = await open();
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const file = join(session.folder, 'schema.json');
    await writeFile(file, JSON.stringify(schema));
    const turn = await session.say('Which city is it, without tools?', ['--output-schema', file]);
    expect(endOf(turn)).toEqual({ code: 0 });
    expect(JSON.parse(saidIn(turn))).toEqual({ city: expect.any(String) });
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${claude}: --output-schema; ${saidIn(turn)}`);
  });

  it('shows a picture', async () => {
    const session = await open();
    const file = join(session.folder, 'dot.png');
    await writeFile(file, dot);
    const turn = await session.say('[[say:A dot.]] What is it?', [`--image=${file}`]);
    expect(endOf(turn)).toEqual({ code: 0 });
    const sent = JSON.stringify(chatCalls(stack.simulator.calls)[0]!.body);
    expect(sent.includes(dot.toString('base64'))).toBe(true);
  });

  it('waits as long as it is told to when Bedrock throttles', async ({ annotate }) => {
    const session = await open();
    const turn = await session.say('[[throttle:1]] [[say:Here I am.]]');
    expect({ ...endOf(turn), said: saidIn(turn) }).toEqual({ code: 0, said: 'Here I am.' });
    expect(statuses()).toEqual([429, 200]);
    await annotate(`${program} · ${claude}: throttled once; statuses ${statuses()}`);
  });

  it('asks again when the connection breaks in the middle of an answer', async ({ annotate }) => {
    const relay = await startRelay(stack.baseUrl, 'response.output_text.delta');
    try {
      const session = await open({ url: relay.url });
      const turn = await session.say('[[say:Here I am.]]');
      expect({ ...endOf(turn), said: saidIn(turn) }).toEqual({ code: 0, said: 'Here I am.' });
      await annotate(`${program} · ${claude}: cut once; ${relay.requests} requests`);
    } finally {
      await relay.close();
    }
  });

  it.for(['[[truncate:4]]', '[[no-message-stop]]', '[[stream-error:throttlingException:4]]'])(
    'asks again, then says so, when %s breaks every stream',
    async (directive, { annotate }) => {
      const session = await open({ provider: { stream_max_retries: 1 } });
      const turn = await session.say(`${directive} [[say:Here I am.]]`);
      expect(turn).toMatchObject({ code: 1, error: expect.stringMatching(/\w/) });
      expect(chatCalls(stack.simulator.calls)).toHaveLength(2);
      await annotate(`${program} · ${claude}: ${directive}; ${turn.error}`);
    },
  );

  it.for(['[[first-byte:7000]]', '[[think-pause:7000]]'])(
    'R68 waits for a model that is silent for longer than it waits for events: %s',
    async (directive, { annotate }) => {
      const session = await open({ provider: idle });
      const turn = await session.say(`${directive} [[say:Here I am.]]`);
      expect({ ...endOf(turn), said: saidIn(turn) }).toEqual({ code: 0, said: 'Here I am.' });
      expect(chatCalls(stack.simulator.calls)).toHaveLength(1);
      await annotate(`${program} · ${claude}: ${directive}, idle after ${idle.stream_idle_timeout_ms} ms`);
    },
  );

  it('is told that a prompt is too long in words that it knows', async ({ annotate }) => {
    const session = await open();
    const turn = await session.say('[[input-too-long]] Go on.');
    expect(turn).toMatchObject({ code: 1, error: expect.stringMatching(/ran out of room/) });
    expect(chatCalls(stack.simulator.calls)).toHaveLength(1);
    await annotate(`${program} · ${claude}: too long; ${turn.error}`);
  });

  it('shows why a model cannot be had, and does not try again', async ({ annotate }) => {
    const session = await open({ model: 'nonesuch' });
    const turn = await session.say('Hello');
    expect(turn).toMatchObject({ code: 1, error: expect.stringContaining('nonesuch') });
    expect(statuses()).toEqual([404]);
    await annotate(`${program}: an unknown model; ${turn.error}`);
  });

  it('is told that its key is wrong', async ({ annotate }) => {
    const session = await open({ apiKey: 'sk-wrong', provider: { stream_max_retries: 0 } });
    const turn = await session.say('Hello');
    expect(turn).toMatchObject({ code: 1, error: expect.stringMatching(/key/i) });
    expect(chatCalls(stack.simulator.calls)).toEqual([]);
    await annotate(`${program}: a wrong key; ${turn.error}`);
  });
});

/** A picture of one pixel. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
