import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { type Asked, models } from '../libraries/models.ts';
import { type Home, makeHome, startProgram } from '../support/program.ts';
import { countsOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, thinkingIn } from '../support/upstream.ts';

const python = fileURLToPath(new URL('./.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('./anthropic_client.py', import.meta.url));

interface Message {
  stop_reason: string;
  content: { type: string }[];
  usage: { input_tokens: number; output_tokens: number };
}

interface Printed {
  version: string;
  whole: Message[];
  streamed: Message[];
  stream: { text: string; message: Message };
  counts: [number, number];
}

let stack: Stack;
let home: Home;
beforeAll(async () => {
  [stack, home] = await Promise.all([startStack(), makeHome()]);
});
beforeEach(() => stack.simulator.reset());
afterAll(() => Promise.all([stack.close(), home.close()]));

async function run({ model, thinking }: Asked): Promise<Printed> {
  const { code, stdout, stderr } = await startProgram({
    command: python,
    args: [script, model, JSON.stringify(thinking)],
    home,
    env: { ANTHROPIC_BASE_URL: stack.baseUrl.replace('/v1', ''), ANTHROPIC_API_KEY: stack.apiKey },
    timeoutMs: 60_000,
  }).ended;
  if (code !== 0) throw new Error(`Python ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Printed;
}

describe.each(models)("Anthropic's Python SDK on $model", (asked) => {
  it('runs its tools, whole and streaming, streams text and counts tokens', async ({ annotate }) => {
    const { version, whole, streamed, stream, counts } = await run(asked);
    const { calls } = stack.simulator;
    expect(refusalsOf(calls)).toEqual([]);
    // A call and its results, twice, then the text.
    expect(chatCalls(calls)).toHaveLength(5);
    for (const [answers, call] of [
      [whole, chatCalls(calls)[1]!] as const,
      [streamed, chatCalls(calls)[3]!] as const,
    ]) {
      expect(answers.map(({ stop_reason }) => stop_reason)).toEqual(['tool_use', 'end_turn']);
      expect(JSON.stringify(answers[1]!.content)).toContain('Sunny in Paris.');
      expect(resultsIn(call)).toMatchObject([{ failed: false }, { failed: true }]);
      if (asked.signed) {
        const thoughts = answers[0]!.content.filter(({ type }) => type === 'thinking');
        expect(thoughts).toHaveLength(1);
        expect(thinkingIn(call)).toEqual(thoughts);
      }
    }
    expect(stream).toMatchObject({ text: 'One two three.', message: { stop_reason: 'end_turn' } });
    expect(stream.message.usage.output_tokens).toBeGreaterThan(0);
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[1]).toBeGreaterThan(900);
    await annotate(
      `anthropic (Python) ${version} · ${asked.model}: tool_runner whole and streaming, stream, count_tokens ${counts.join(', ')}; ${countsOf(calls)}`,
    );
  });
});
