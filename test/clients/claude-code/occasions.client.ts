import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, toolsIn } from '../support/upstream.ts';
import { askClaude, callsOf, type Line, openClaude } from './session.ts';

const program = `Claude Code ${versionOf('@anthropic-ai/claude-code')}`;
const model = 'us.anthropic.claude-sonnet-5-5';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const gateway = () => ({ url: stack.baseUrl.replace('/v1', ''), apiKey: stack.apiKey, model });

async function ask(prompt: string, args: string[] = [], env: Record<string, string> = {}): Promise<Line> {
  const { stdout, stderr } = await askClaude(prompt, {
    ...gateway(),
    args: ['--output-format', 'json', ...args],
    env,
  });
  try {
    return JSON.parse(stdout) as Line;
  } catch {
    throw new Error(`Claude Code printed no JSON: ${stdout} ${stderr}`);
  }
}

describe('Claude Code', () => {
  it('prints one answer as JSON', async ({ annotate }) => {
    const printed = await ask('[[say:Here I am.]] Are you there?');
    expect(printed).toMatchObject({ type: 'result', is_error: false, result: 'Here I am.' });
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${model}: --output-format json; ${countsOf(stack.simulator.calls)}`);
  });

  it('takes its key as a bearer token, too', async () => {
    const printed = await ask('[[say:Here I am.]]', [], {
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_AUTH_TOKEN: stack.apiKey,
    });
    expect(printed).toMatchObject({ is_error: false, result: 'Here I am.' });
  });

  it('works without its betas', async () => {
    const printed = await ask(
      '[[call:Bash {"command":"echo hello","description":"Say hello"}]] Say hello.',
      [],
      { CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: '1' },
    );
    expect(printed).toMatchObject({ is_error: false, result: expect.stringContaining('hello') });
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
  });

  it('goes on when Bedrock throttles once', async ({ annotate }) => {
    const printed = await ask('[[throttle:1]] [[say:Here I am.]]');
    expect(printed).toMatchObject({ is_error: false, result: 'Here I am.' });
    await annotate(`${program} · ${model}: throttled once; ${countsOf(stack.simulator.calls)}`);
  });

  it('asks again without streaming when a stream breaks off in the middle of a block', async ({
    annotate,
  }) => {
    const printed = await ask('[[error-frame:3]] [[say:Here I am.]]');
    expect(printed).toMatchObject({ is_error: false, result: 'Here I am.' });
    expect(chatCalls(stack.simulator.calls).map(({ operation }) => operation)).toEqual([
      'InvokeModelWithResponseStream',
      'InvokeModel',
    ]);
    await annotate(`${program} · ${model}: broken in a block; ${countsOf(stack.simulator.calls)}`);
  });

  it('asks for the rest when a stream ends without its end', async ({ annotate }) => {
    const printed = await ask('[[no-message-stop]] [[say:Here I am.]]', ['--tools', '']);
    expect(printed).toMatchObject({ is_error: false });
    const [, rest] = chatCalls(stack.simulator.calls);
    expect(JSON.stringify(rest?.body)).toMatch(/Here I am\..*cut off mid-stream/);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${model}: no end; ${countsOf(stack.simulator.calls)}; ${printed.result}`);
  });

  it('is told that a prompt is too long in words that it knows', async ({ annotate }) => {
    const printed = await ask('[[input-too-long]] Go on.');
    expect(printed).toMatchObject({ is_error: true, result: expect.stringMatching(/prompt is too long/i) });
    await annotate(`${program} · ${model}: too long; ${countsOf(stack.simulator.calls)}; ${printed.result}`);
  });

  it('is told at once that its key is wrong', async ({ annotate }) => {
    const printed = await ask('Hello', [], { ANTHROPIC_API_KEY: 'sk-wrong' });
    expect(printed).toMatchObject({ is_error: true, result: expect.stringMatching(/key/i) });
    expect(chatCalls(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${model}: a wrong key; ${printed.result}`);
  });

  it('answers by a schema', async ({ annotate }) => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const printed = await ask('[[call:StructuredOutput {"city":"Paris"}]] Which city is it?', [
      '--json-schema',
      JSON.stringify(schema),
    ]);
    expect(printed).toMatchObject({ is_error: false, structured_output: { city: 'Paris' } });
    await annotate(`${program} · ${model}: --json-schema; ${countsOf(stack.simulator.calls)}`);
  });

  it('sends an agent of its own', async ({ annotate }) => {
    const task = {
      description: 'Look',
      prompt: '[[say:I looked.]] Look around.',
      subagent_type: 'general-purpose',
      run_in_background: false,
    };
    const printed = await ask(`[[call:Task ${JSON.stringify(task)}]] Have somebody look around.`);
    expect(printed).toMatchObject({ is_error: false });
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${model}: an agent; ${countsOf(stack.simulator.calls)}; ${printed.result}`);
  });

  it('reads a picture that its tools give it', async ({ annotate }) => {
    const session = await openClaude(gateway());
    try {
      await session.write('dot.png', dot);
      const turn = await session.say(
        `[[call:Read {"file_path":"${session.folder}/dot.png"}]] What does the picture show?`,
      );
      expect(turn.result).toMatchObject({ is_error: false });
      const last = JSON.stringify(chatCalls(stack.simulator.calls).at(-1)!.body);
      expect(last).toContain(dot.toString('base64'));
      expect(refusalsOf(stack.simulator.calls)).toEqual([]);
      await session.end();
    } finally {
      await session.close();
    }
    await annotate(`${program} · ${model}: a picture in a result; ${countsOf(stack.simulator.calls)}`);
  });

  it.for([model, 'us.amazon.nova-2-lite-v1:0'])(
    'finds a tool that it held back, on %s',
    async (on, { annotate }) => {
      const session = await openClaude({ ...gateway(), model: on });
      try {
        const found = await session.say('[[call:ToolSearch {"query":"select:CronList"}]] Find the tool.');
        expect(found.result).toMatchObject({ is_error: false });
        const called = await session.say('[[call:CronList {}]] Use it.');
        expect(callsOf(called)).toEqual(['CronList']);
        expect(called.result).toMatchObject({ is_error: false });
        await session.end();
      } finally {
        await session.close();
      }
      const { calls } = stack.simulator;
      expect(resultsIn(chatCalls(calls).at(-1)!)).toMatchObject([{ failed: false }, { failed: false }]);
      expect(toolsIn(chatCalls(calls)[0]!)).not.toContain('CronList');
      expect(toolsIn(chatCalls(calls).at(-1)!)).toContain('CronList');
      expect(refusalsOf(calls)).toEqual([]);
      await annotate(`${program} · ${on}: ToolSearch, then the tool; ${countsOf(calls)}`);
    },
  );

  it('goes on when it may not search the web', async ({ annotate }) => {
    const session = await openClaude(gateway());
    try {
      await session.say('[[call:ToolSearch {"query":"select:WebSearch"}]] Find the tool.');
      const turn = await session.say('[[call:WebSearch {"query":"weather"}]] Use it.');
      expect(turn.result).toMatchObject({ is_error: false });
      expect(callsOf(turn)).toEqual(['WebSearch']);
      await session.end();
      const [, result] = resultsIn(chatCalls(stack.simulator.calls).at(-1)!);
      expect(result).toEqual({ failed: true, text: expect.stringContaining('web_search') });
      await annotate(`${program} · ${model}: WebSearch; ${result?.text}`);
    } finally {
      await session.close();
    }
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
  });

  it('finds the models of the gateway', async ({ annotate }) => {
    const session = await openClaude({
      ...gateway(),
      args: ['--debug'],
      env: { CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1' },
    });
    try {
      await session.say('[[say:Here I am.]]');
      const found = await vi.waitFor(
        async () => {
          const [, count] = /\[gatewayDiscovery\] cached (\d+) models/.exec(await session.debugLog())!;
          return Number(count);
        },
        { timeout: 10_000, interval: 200 },
      );
      expect(found).toBeGreaterThan(20);
      await session.end();
      await annotate(`${program}: model discovery; ${found} models`);
    } finally {
      await session.close();
    }
  });
});

/** A picture of one pixel. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
