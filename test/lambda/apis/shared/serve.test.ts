import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { ChatApi, ServedRequest } from '../../../../lambda/apis/api.ts';
import { errorFormatFor } from '../../../../lambda/apis/error-formats.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';
import { type ServeDeps, serve } from '../../../../lambda/apis/shared/serve.ts';
import { spellingFor } from '../../../../lambda/apis/shared/spelling.ts';
import type { ConverseAnswer, ConverseEvent } from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { readConfig } from '../../../../lambda/config.ts';
import type { Engine, RequestContext } from '../../../../lambda/engine/types.ts';
import { badRequest } from '../../../../lambda/errors.ts';
import { field, note, written } from '../../../../lambda/fields.ts';
import { createApp } from '../../../../lambda/http/app.ts';
import { createLogger } from '../../../../lambda/telemetry/logger.ts';
import { recordIn } from '../../../support/record-in.ts';
import { sourceOf } from '../../../support/sources.ts';
import { techniqueDeps } from '../../../support/techniques.ts';

/** A third API: plain text in and out, a line for each piece. All that serving takes besides is said in `serve`. */
const lines: ChatApi<ServedRequest> = {
  name: 'lines',
  errors: {
    status: ({ status }) => status,
    body: ({ message }) => ({ oops: message }),
    event: ({ message }) => `oops ${message}\n`,
    headers: () => ({}),
    requestIdHeaders: ['x-line-id'],
  },
  begin: ({ ask, of, times = 1, stream = false, urls = [] }) => ({
    asked: { model: String(of) },
    stream: stream === true,
    urls: urls as string[],
    spell: spellingFor({}, { model: 'of' }),
    read() {
      if (typeof ask !== 'string') throw badRequest('ask must be a string.', written('ask'));
      const messages = [{ role: 'user' as const, content: [{ text: ask }] }];
      return {
        model: { canonical: () => ({ model: String(of), converse: { messages }, intent: {} }) },
        n: Number(times),
        ignored: ['colour'],
        warnings: ['be warned'],
      };
    },
  }),
  answer: (answers, { model }) => ({ model, said: answers.map(textOf) }),
  warnings: (answers) => answers.flatMap(({ stopReason }) => (stopReason === 'refusal' ? ['refused'] : [])),
  encoder: () => ({
    open: (model) => `from ${model}\n`,
    push: (batch, choice) => batch.map((event) => piece(event, choice)).join(''),
    end: () => 'over\n',
    fail: ({ message }) => `oops ${message}\n`,
    heartbeat: () => '.\n',
  }),
};

const textOf = ({ output }: ConverseAnswer) =>
  output.message.content.map((block) => ('text' in block ? block.text : '')).join('');
const piece = (event: ConverseEvent, choice: number) =>
  'contentBlockDelta' in event && 'text' in event.contentBlockDelta.delta
    ? `${choice}: ${event.contentBlockDelta.delta.text}\n`
    : '';

const hello: ConverseAnswer = {
  output: { message: { role: 'assistant', content: [{ text: 'hello' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};

interface Setup {
  permit?: Engine['permit'];
  answer?: () => Promise<ConverseAnswer>;
  stream?: (context: RequestContext) => Promise<ConverseEvent[][] | AsyncIterable<ConverseEvent[]>>;
  fetchMedia?: ServeDeps['fetchMedia'];
  heartbeatMs?: number;
}

function setUp({ permit, answer, stream, fetchMedia, heartbeatMs = 60_000 }: Setup = {}) {
  const logs: Record<string, unknown>[] = [];
  const contents: Record<string, unknown>[] = [];
  const into = (to: Record<string, unknown>[]) => createLogger('info', (line) => to.push(JSON.parse(line)));
  const outcome = { model: 'm', modelId: 'us.m', steps: [], warnings: ['slow'], ignored: [] };
  const handler = serve(lines, {
    engine: {
      permit: permit ?? (async () => ({ steps: [], refused: [] })),
      answer: async () => ({ ...outcome, answer: (await answer?.()) ?? hello }),
      stream: async (_request, _plan, context) => ({
        ...outcome,
        events: sourceOf((await stream?.(context)) ?? unfold(hello).map((event) => [event])),
      }),
    },
    heartbeatMs,
    fetchMedia: fetchMedia ?? (() => expect.fail('there is nothing to fetch')),
    now: () => 0,
    onUnexpected: () => expect.fail('nothing is unexpected'),
    contentLog: into(contents),
    techniques: techniqueDeps(),
  });
  const api = new Hono<GatewayEnv>().post('/lines', handler);
  const app = createApp({
    config: readConfig({}),
    authenticate: async () => ({ name: 'key' }),
    logger: into(logs),
    api,
    now: Date.now,
    record: recordIn(into(logs)),
    newRequestId: () => 'req_1',
    waitUntil: () => {},
    errorFormatFor: (path, headers) =>
      path.endsWith('/lines') ? lines.errors : errorFormatFor(path, headers),
  });
  const post = async (body: object) => {
    const init = { method: 'POST', body: JSON.stringify({ of: 'm', ask: 'hi', ...body }) };
    const response = await app.fetch(new Request('http://gateway/v1/lines', init), {});
    return { response, text: await response.text() };
  };
  return { post, logs, contents };
}

describe('an API that says only what is its own', () => {
  test('answers, with headers, a line in the log and what was said where that is allowed', async () => {
    const { post, logs, contents } = setUp();
    const { response, text } = await post({ times: 3 });
    expect(JSON.parse(text)).toEqual({ model: 'm', said: ['hello', 'hello', 'hello'] });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-line-id': 'req_1',
      'x-gateway-model': 'us.m',
      'x-gateway-ignored': 'colour',
    });
    expect(response.headers.get('x-gateway-warnings')).toMatch(/be warned.*slow|slow.*be warned/);
    expect(logs).toMatchObject([{ api: 'lines', stream: false, modelAsked: 'm', status: 200 }]);
    expect(contents.map(({ message }) => message)).toEqual(['prompt', 'answer', 'answer', 'answer']);
  });

  test('warns of what its answers hold', async () => {
    const { post } = setUp({ answer: async () => ({ ...hello, stopReason: 'refusal' }) });
    const { response } = await post({});
    expect(response.headers.get('x-gateway-warnings')).toBe('be warned; refused; slow');
  });

  test('streams, each of several answers with its number', async () => {
    const { post, logs } = setUp();
    const { response, text } = await post({ stream: true, times: 2 });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(text.split('\n').sort()).toEqual(['', '0: hello', '1: hello', 'from m', 'over']);
    expect(text).toMatch(/^from m\n/);
    expect(text).toMatch(/over\n$/);
    expect(logs).toMatchObject([{ api: 'lines', stream: true, status: 200 }]);
  });

  test('refuses in its own form, and permission comes before all work', async () => {
    const refusing = setUp({
      permit: () => Promise.reject(badRequest(note`No such ${field('model')}.`, field('model'))),
    });
    const refused = await refusing.post({ ask: 7, urls: ['https://images.example/a.png'] });
    expect([refused.response.status, JSON.parse(refused.text)]).toEqual([400, { oops: 'No such of.' }]);
    const wrong = await setUp().post({ ask: 7 });
    expect(JSON.parse(wrong.text)).toEqual({ oops: 'ask must be a string.' });
  });

  test('has what its URLs give fetched', async () => {
    const fetched: string[][] = [];
    const fetchMedia: ServeDeps['fetchMedia'] = async (urls) => {
      fetched.push(urls);
      return new Map();
    };
    await setUp({ fetchMedia }).post({ urls: ['https://images.example/a.png'] });
    expect(fetched).toEqual([['https://images.example/a.png']]);
  });

  test('fails with a status before its stream has begun, and with an event afterwards', async () => {
    const failing = () => Promise.reject(badRequest('Too hot.', written('ask')));
    const early = await setUp({ stream: failing }).post({ stream: true });
    expect([early.response.status, JSON.parse(early.text)]).toEqual([400, { oops: 'Too hot.' }]);
    const whileLoading = async ({ onWait }: RequestContext) => {
      onWait?.();
      await new Promise(setImmediate);
      return failing();
    };
    const { post, logs } = setUp({ stream: whileLoading });
    const late = await post({ stream: true });
    expect([late.response.status, late.text]).toEqual([200, '.\noops Too hot.\n']);
    expect(logs).toMatchObject([{ status: 200, errorReason: 'bad_request' }]);
  });

  test('keeps a silent stream open with its own heartbeat', async () => {
    const silent = async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return unfold(hello).map((event) => [event]);
    };
    const { text } = await setUp({ stream: silent, heartbeatMs: 20 }).post({ stream: true });
    expect(text).toMatch(/^(\.\n)+from m\n0: hello\nover\n$/);
  });

  test('holds nothing back when it sends a heartbeat: events may be numbered', async () => {
    async function* pausing() {
      const [first, ...rest] = unfold(hello);
      yield [first!];
      await new Promise((resolve) => setTimeout(resolve, 100));
      yield rest;
    }
    const { text } = await setUp({ stream: async () => pausing(), heartbeatMs: 20 }).post({ stream: true });
    expect(text).toMatch(/^from m\n(\.\n)+0: hello\nover\n$/);
  });
});
