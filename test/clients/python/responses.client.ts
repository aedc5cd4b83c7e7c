import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { models as all } from '../libraries/responses-models.ts';
import { type Fence, startFence } from '../support/fence.ts';
import { expectReasoning } from '../support/kept.ts';
import { type Home, makeHome, startProgram } from '../support/program.ts';
import { countsOf } from '../support/report.ts';
import { openAiTokensIn, type Spent } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn } from '../support/upstream.ts';

/** One of each kind: Python takes seconds to start. */
const models = all.filter(({ model }) => !model.includes('sonnet-4-5'));
const python = fileURLToPath(new URL('./.venv/bin/python', import.meta.url));

let stack: Stack;
let home: Home;
let fence: Fence;
beforeAll(async () => {
  [stack, home, fence] = await Promise.all([startStack(), makeHome(), startFence()]);
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return () => expect(fence.attempts).toEqual([]);
});
afterAll(() => Promise.all([stack.close(), home.close(), fence.close()]));

async function run<Printed>(script: string, model: string): Promise<Printed> {
  const { code, stdout, stderr } = await startProgram({
    command: python,
    args: [fileURLToPath(new URL(script, import.meta.url)), model],
    home,
    env: {
      ...fence.env,
      OPENAI_BASE_URL: stack.baseUrl,
      OPENAI_API_KEY: stack.apiKey,
      OPENAI_AGENTS_DISABLE_TRACING: '1',
      LANGSMITH_TRACING: 'false',
    },
    timeoutMs: 60_000,
  }).ended;
  if (code !== 0) throw new Error(`Python ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Printed;
}

const weather = { city: expect.any(String), degrees: expect.any(Number) };
/** The calls that had the results of tools in their history. */
const withResults = () => chatCalls(stack.simulator.calls).filter((call) => resultsIn(call).length > 0);

interface Answer {
  status: string;
  text: string;
  usage: Spent;
}

interface Printed {
  version: string;
  whole: Answer[];
  streamed: Answer[];
  parsed: object;
  text: { deltas: string; text: string };
}

describe.each(models)("OpenAI's Python SDK on $model", (asked) => {
  it('runs its tools, whole and streaming, parses and streams text', async ({ annotate }) => {
    const { version, whole, streamed, parsed, text } = await run<Printed>('./openai_client.py', asked.model);
    for (const answers of [whole, streamed]) {
      expect(answers.map(({ status }) => status)).toEqual(['completed', 'completed']);
      expect(answers[1]!.text).toContain('Sunny in Paris.');
    }
    expect(parsed).toEqual(weather);
    expect(text).toEqual({ deltas: 'One two three.', text: 'One two three.' });
    expect(withResults()).toHaveLength(2);
    for (const call of withResults()) expectReasoning(call, asked, 1);
    const answers = [...whole, ...streamed].map(({ usage }) => usage);
    // The first four requests are those of the tools.
    expect({
      input_tokens: answers.reduce((sum, { input_tokens }) => sum + input_tokens, 0),
      output_tokens: answers.reduce((sum, { output_tokens }) => sum + output_tokens, 0),
    }).toEqual(openAiTokensIn(stack.logs.slice(0, 4)));
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `openai (Python) ${version} · ${asked.model}: loops, parse, stream; ${countsOf(stack.simulator.calls)}`,
    );
  });
});

interface Talk {
  first: string;
  second: string;
  usage: Spent;
}

interface Talks {
  version: string;
  whole: Talk;
  streamed: Talk;
  shaped: object;
}

describe.each([
  { library: 'openai-agents', script: './agents_client.py' },
  { library: 'langchain-openai', script: './langchain_client.py' },
])('$library for Python', ({ library, script }) => {
  it.for(models)(
    'goes through two turns with tools, and asks for an object, on $model',
    async (asked, { annotate }) => {
      const { version, whole, streamed, shaped } = await run<Talks>(script, asked.model);
      for (const talk of [whole, streamed]) {
        expect(talk).toMatchObject({ first: expect.stringContaining('Sunny in Paris.'), second: 'Both.' });
      }
      expect(shaped).toEqual(weather);
      const [afterCall, nextTurn, streamedAfterCall, streamedNextTurn, ...more] = withResults();
      expect(more).toEqual([]);
      for (const call of [afterCall!, streamedAfterCall!]) expectReasoning(call, asked, 1);
      for (const call of [nextTurn!, streamedNextTurn!]) expectReasoning(call, asked, 2);
      const talks = new Set([whole.usage, streamed.usage].map((usage) => JSON.stringify(usage)));
      expect(talks.size).toBe(1);
      expect(refusalsOf(stack.simulator.calls)).toEqual([]);
      await annotate(
        `${library} (Python) ${version} · ${asked.model}: two turns, whole and streaming, an object; ${countsOf(stack.simulator.calls)}; usage ${JSON.stringify(whole.usage)}`,
      );
    },
  );
});
