import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { openAiTokensIn } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn } from '../support/upstream.ts';
import { claude, models, reasoning } from './responses-models.ts';

const program = `openai ${versionOf('openai')}`;

let stack: Stack;
let client: OpenAI;
beforeAll(async () => {
  stack = await startStack();
  client = new OpenAI({ baseURL: stack.baseUrl, apiKey: stack.apiKey, maxRetries: 0 });
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather of a city',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};
const bothCities =
  '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.';

function outputOf(args: string): string {
  const { city } = JSON.parse(args) as { city: string };
  return city === 'Atlantis' ? 'Error: there is no such city.' : `Sunny in ${city}.`;
}

type Asking = Omit<ResponseCreateParamsNonStreaming, 'input' | 'stream'> & { input: ResponseInputItem[] };

/** Runs tools until the model calls none. `keep`: what the program sends back of an answer. */
async function loop(
  ask: (asking: Asking) => Promise<Response>,
  given: Partial<Asking> & { model: string },
  keep: (items: Response['output']) => unknown[] = (items) => items,
): Promise<Response[]> {
  const input: ResponseInputItem[] = [{ role: 'user', content: bothCities }];
  const answers: Response[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const answer = await ask({ reasoning, tools: [weather], ...given, input });
    answers.push(answer);
    const called = answer.output.filter((item) => item.type === 'function_call');
    if (called.length === 0) break;
    input.push(...(keep(answer.output) as ResponseInputItem[]));
    for (const { call_id, arguments: args } of called) {
      input.push({ type: 'function_call_output', call_id, output: outputOf(args) });
    }
  }
  return answers;
}

const create = (asking: Asking) => client.responses.create(asking);
const stream = (asking: Asking) => client.responses.stream(asking).finalResponse() as Promise<Response>;
const sealed = { store: false, include: ['reasoning.encrypted_content' as const] };
const callsAlone = (items: Response['output']) => items.filter(({ type }) => type === 'function_call');

describe.each(models)('openai on $model', (asked) => {
  const { model } = asked;

  it.for([
    { how: 'whole, all items sent back', ask: create, given: sealed },
    { how: 'streaming, all items sent back', ask: stream, given: sealed },
    { how: 'whole, calls alone sent back', ask: create, given: {}, keep: callsAlone },
    { how: 'streaming, calls alone sent back', ask: stream, given: {}, keep: callsAlone },
  ])('runs tools, $how', async ({ how, ask, given, keep }, { annotate }) => {
    const answers = await loop(ask, { model, ...given }, keep);
    expect(answers.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(answers[1]!.output_text).toContain('Sunny in Paris.');
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toHaveLength(2);
    // Answers of GPT go out as they are, and their calls carry nothing.
    expectReasoning(last, keep ? { ...asked, hidden: false } : asked, 1);
    const spent = (name: 'input_tokens' | 'output_tokens') =>
      answers.reduce((sum, { usage }) => sum + usage![name], 0);
    expect({ input_tokens: spent('input_tokens'), output_tokens: spent('output_tokens') }).toEqual(
      openAiTokensIn(stack.logs),
    );
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: ${how}; ${countsOf(stack.simulator.calls)}; usage ${JSON.stringify(openAiTokensIn(stack.logs))}`,
    );
  });

  it('streams text', async () => {
    const text: string[] = [];
    const runner = client.responses
      .stream({ model, input: '[[say:One two three.]]', reasoning })
      .on('response.output_text.delta', ({ delta }) => text.push(delta));
    const { output_text, usage } = await runner.finalResponse();
    expect([text.join(''), output_text]).toEqual(['One two three.', 'One two three.']);
    expect(usage).toMatchObject(openAiTokensIn(stack.logs));
  });

  it('parses what it asked for as a schema', async ({ annotate }) => {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const { output_parsed } = await client.responses.parse({
      model,
      input: 'The weather in Paris.',
      text: { format: zodTextFormat(schema, 'weather') },
    });
    expect(output_parsed).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${model}: parse; ${JSON.stringify(output_parsed)}`);
  });
});

describe('openai', () => {
  it('counts tokens, and shortens a conversation', async () => {
    const { input_tokens } = await client.responses.inputTokens.count({
      model: claude,
      input: 'word '.repeat(1000),
    });
    expect(input_tokens).toBeGreaterThan(900);
    const input: ResponseInputItem[] = [
      { role: 'user', content: 'Remember the number 12.' },
      { role: 'assistant', content: 'I do.' },
    ];
    const { output } = await client.responses.compact({ model: claude, input });
    expect(output.map(({ type }) => type)).toEqual(['message', 'compaction']);
    const after = await client.responses.create({
      model: claude,
      input: [...(output as ResponseInputItem[]), { role: 'user', content: '[[say:Twelve.]] Which one?' }],
    });
    expect(after.output_text).toBe('Twelve.');
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
  });

  it('raises the errors that it names', async () => {
    const ask = (input: string, more = {}) =>
      client.withOptions({ apiKey: stack.apiKey, ...more }).responses.create({ model: claude, input });
    await expect(ask('Hello', { apiKey: 'sk-wrong' })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(ask('[[throttle]]')).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(ask('[[access-denied]]')).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    await expect(ask('[[input-too-long]]')).rejects.toMatchObject({ code: 'context_length_exceeded' });
    await expect(client.responses.retrieve('resp_1')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('learns that a stream broke, and does not take it for an answer', async () => {
    const { status, error } = await client.responses
      .stream({ model: claude, input: '[[events:50]] [[stream-error:modelStreamErrorException:10]]' })
      .finalResponse();
    expect([status, error?.code]).toEqual(['failed', 'server_error']);
  });
});
