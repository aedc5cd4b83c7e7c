import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { chatCompletions } from '../../../../lambda/apis/chat-completions/api.ts';
import { errorFormatFor } from '../../../../lambda/apis/error-formats.ts';
import { messages } from '../../../../lambda/apis/messages/api.ts';
import { createResponsesRoutes } from '../../../../lambda/apis/responses/route.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';
import { type ServeDeps, serve } from '../../../../lambda/apis/shared/serve.ts';
import { readConfig } from '../../../../lambda/config.ts';
import { createApp } from '../../../../lambda/http/app.ts';
import { techniqueNames } from '../../../../lambda/settings/techniques.ts';
import { createLogger } from '../../../../lambda/telemetry/logger.ts';
import { haiku } from '../../../support/chat.ts';
import { recordIn } from '../../../support/record-in.ts';
import { type Said, type ScriptedEngine, scriptedEngine } from '../../../support/scripted-engine.ts';
import { techniqueDeps } from '../../../support/techniques.ts';

/** Techniques behind the three APIs of chats: any expression, whole and streamed, whatever models say. */

function gatewayOn({ engine }: ScriptedEngine) {
  const faults: unknown[] = [];
  const serving: ServeDeps = {
    engine,
    heartbeatMs: 60_000,
    fetchMedia: async () => new Map(),
    now: Date.now,
    onUnexpected: (error) => faults.push(error),
    techniques: techniqueDeps({ ENABLE_OPTIMISATION: 'true', OPTIMISATION_MAX_CALLS: '60' }),
  };
  const api = new Hono<GatewayEnv>()
    .post('/chat/completions', serve(chatCompletions({ strict: false }), serving))
    .post('/messages', serve(messages({ strict: false }), serving))
    .post('/responses', createResponsesRoutes({ serving, strict: false }).create);
  const records: Record<string, unknown>[] = [];
  const logger = createLogger('info', (line) => records.push(JSON.parse(line)));
  const app = createApp({
    config: readConfig({}),
    authenticate: async () => ({ name: 'key' }),
    logger,
    record: recordIn(logger),
    notice: () => undefined,
    api,
    now: Date.now,
    newRequestId: () => 'req_1',
    waitUntil: () => {},
    errorFormatFor,
  });
  const post = async (path: string, body: object) => {
    const init = {
      method: 'POST',
      body: JSON.stringify({ model: haiku, ...body }),
      headers: { 'x-api-key': 'k' },
    };
    const response = await app.fetch(new Request(`http://gateway/v1${path}`, init), {});
    return { status: response.status, text: await response.text() };
  };
  return { post, faults, records };
}

interface Usage {
  input: number;
  output: number;
}
/** Fields of JSON whose form the tests of each API hold. */
// biome-ignore lint/suspicious/noExplicitAny: answers of three APIs.
type Fields = any;

interface Api {
  path: string;
  body: object;
  whole(answer: Fields): Usage;
  /** What a stream says it used; undefined: it does not end in good order. */
  streamed(events: Fields[], text: string): Usage | undefined;
  isError(answer: Fields): boolean;
  answers: 'several' | 'one';
}

const ofOpenAi = (error: Fields) => typeof error?.message === 'string' && typeof error.type === 'string';

const apis: Record<string, Api> = {
  'Chat Completions': {
    path: '/chat/completions',
    body: { messages: [{ role: 'user', content: 'Hi' }], stream_options: { include_usage: true } },
    whole: ({ usage }) => ({ input: usage.prompt_tokens, output: usage.completion_tokens }),
    streamed(events, text) {
      const usage = events.findLast((event) => event.usage)?.usage;
      if (!text.endsWith('data: [DONE]\n\n')) return undefined;
      return usage && { input: usage.prompt_tokens, output: usage.completion_tokens };
    },
    isError: ({ error }) => ofOpenAi(error),
    answers: 'several',
  },
  Messages: {
    path: '/messages',
    body: { max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
    whole: ({ usage }) => ({ input: usage.input_tokens, output: usage.output_tokens }),
    streamed(events) {
      if (events.at(-1)?.type !== 'message_stop') return undefined;
      const usage = events.findLast(({ type }) => type === 'message_delta')?.usage;
      return { input: usage.input_tokens, output: usage.output_tokens };
    },
    isError: ({ type, error }) => type === 'error' && ofOpenAi(error),
    answers: 'one',
  },
  Responses: {
    path: '/responses',
    body: { input: 'Hi', store: false },
    whole: ({ usage }) => ({ input: usage.input_tokens, output: usage.output_tokens }),
    streamed(events) {
      const { type, response } = events.at(-1) ?? {};
      const isEnd = type === 'response.completed' || type === 'response.incomplete';
      return isEnd ? { input: response.usage.input_tokens, output: response.usage.output_tokens } : undefined;
    },
    isError: ({ error, type, response }) => ofOpenAi(error) || type === 'error' || ofErrorIn(response),
    answers: 'one',
  },
};
const ofErrorIn = (response: Fields) =>
  response?.status === 'failed' && typeof response.error?.message === 'string';

const eventsOf = (text: string): Fields[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)));

const names = techniqueNames.filter((name) => name !== 'z3' && name !== 'executecode');
const chain = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 2 })
  .map((each) => each.join('&'));
const sayings: Said[] = [
  'The final answer is 42.',
  'Score: 7',
  'one\ntwo lines',
  '```js\nx\n```',
  '<thinking>t</thinking><output>42</output>',
  '',
  { text: 'cut', stop: 'max_tokens' },
  { text: 'withheld', stop: 'guardrail_intervened' },
  { error: 'throttled' },
  { error: 'model_error' },
  { breaks: 'half' },
];
const trials = fc.record({
  branches: fc.array(chain, { minLength: 1, maxLength: 2 }),
  script: fc.array(fc.nat(sayings.length - 1), { minLength: 1, maxLength: 8 }),
  maxCalls: fc.integer({ min: 1, max: 40 }),
  maxTokens: fc.constantFrom(1, 45, 10_000),
  stream: fc.boolean(),
});

describe.each(Object.entries(apis))('in %s', (_, api) => {
  test('any expression ends within its budget, leaves no call running, and says exactly what it used', async () => {
    const seen = { whole: 0, streamed: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(trials, async ({ branches, script, maxCalls, maxTokens, stream }) => {
        let turn = 0;
        const scripted = scriptedEngine(() => sayings[script[turn++ % script.length] ?? 0] as Said);
        const { post, faults, records } = gatewayOn(scripted);
        const technique = api.answers === 'one' ? (branches[0] ?? '') : branches.join('|');
        const optimisation = { technique, max_calls: maxCalls, max_output_tokens: maxTokens };
        const { status, text } = await post(api.path, { ...api.body, optimisation, stream });
        expect(faults).toEqual([]);
        expect(text).not.toContain('BEDROCK-SAID-NO\\n');
        expect(scripted.open()).toBe(0);
        expect(scripted.calls.length).toBeLessThanOrEqual(maxCalls);
        const record = records.find(({ message }) => message === 'request');
        expect(record?.optimisationCalls ?? 0).toBe(scripted.calls.length);
        if (status !== 200) {
          seen.failed += 1;
          expect([400, 429, 500, 502]).toContain(status);
          if (status === 400)
            expect([text, scripted.calls.length]).toEqual([
              expect.stringMatching(/at least \d+ model calls/),
              0,
            ]);
          expect(api.isError(JSON.parse(text))).toBe(true);
          return;
        }
        const used = stream ? api.streamed(eventsOf(text), text) : api.whole(JSON.parse(text));
        if (used === undefined) {
          seen.failed += 1;
          expect(eventsOf(text).some(api.isError)).toBe(true);
          return;
        }
        seen[stream ? 'streamed' : 'whole'] += 1;
        if (stream) expect(eventsOf(text).some(api.isError)).toBe(false);
        expect(used).toEqual(scripted.said());
      }),
      { numRuns: 150 },
    );
    // The trials are of all kinds.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
  });

  test('several answers are given where the API has a place for them', async () => {
    const scripted = scriptedEngine(() => 'It is 42.');
    const { status, text } = await gatewayOn(scripted).post(api.path, {
      ...api.body,
      optimisation: 're2|bon(n=1)',
    });
    if (api.answers === 'several') {
      expect([status, JSON.parse(text).choices.length]).toEqual([200, 2]);
      return;
    }
    expect(status).toBe(400);
    expect(api.isError(JSON.parse(text))).toBe(true);
    expect(text).toMatch(/has 2 answers/);
    expect(scripted.calls).toEqual([]);
  });
});
