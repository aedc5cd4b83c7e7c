import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { chatCompletions } from '../../lambda/apis/chat-completions/api.ts';
import { errorFormatFor } from '../../lambda/apis/error-formats.ts';
import type { GatewayEnv } from '../../lambda/apis/shared/env.ts';
import { serve } from '../../lambda/apis/shared/serve.ts';
import type { ConverseEvent } from '../../lambda/canonical/types.ts';
import { readConfig } from '../../lambda/config.ts';
import { createApp } from '../../lambda/http/app.ts';
import { createLogger, logUnexpected } from '../../lambda/telemetry/logger.ts';
import { eventsOf, haiku } from '../support/chat.ts';
import { recordIn } from '../support/record-in.ts';
import { sourceOf } from '../support/sources.ts';
import { techniqueDeps } from '../support/techniques.ts';

async function* broken(): AsyncGenerator<ConverseEvent[]> {
  yield [{ messageStart: { role: 'assistant' } }];
  throw new TypeError('a fault of ours');
}

test('a fault of the gateway’s own in mid-stream ends the stream with an error, and is logged', async () => {
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger('info', (line) => logs.push(JSON.parse(line)));
  const outcome = { model: haiku, modelId: haiku, steps: [], warnings: [], ignored: [] };
  const chat = serve(chatCompletions({ strict: false }), {
    engine: {
      permit: async () => ({ steps: [], refused: [] }),
      answer: () => Promise.reject(new Error('not asked for')),
      stream: async () => ({ ...outcome, events: sourceOf(broken()) }),
    },
    heartbeatMs: 1000,
    fetchMedia: async () => new Map(),
    now: Date.now,
    onUnexpected: (error, requestId) => logUnexpected(logger, error, requestId),
    techniques: techniqueDeps(),
  });
  const api = new Hono<GatewayEnv>().post('/chat/completions', chat);
  const app = createApp({
    config: readConfig({}),
    authenticate: async () => ({ name: 'key' }),
    logger,
    api,
    now: Date.now,
    record: recordIn(logger),
    newRequestId: () => 'req_1',
    waitUntil: () => {},
    errorFormatFor,
  });
  const body = JSON.stringify({ model: haiku, stream: true, messages: [{ role: 'user', content: 'Hi' }] });
  const response = await app.fetch(
    new Request('http://gateway/v1/chat/completions', {
      method: 'POST',
      body,
      headers: { 'x-api-key': 'k' },
    }),
    {},
  );
  const text = await response.text();
  expect(eventsOf(text).at(-1)).toMatchObject({ error: { code: 'internal_error' } });
  expect(text).not.toMatch(/\[DONE\]|TypeError|fault of ours/);
  expect(logs).toMatchObject([
    { message: 'unexpected error', requestId: 'req_1', cause: { error: 'TypeError' } },
    { message: 'request', errorReason: 'internal', status: 200 },
  ]);
});
