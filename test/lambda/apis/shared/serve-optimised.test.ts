import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { chatCompletions } from '../../../../lambda/apis/chat-completions/api.ts';
import { errorFormatFor } from '../../../../lambda/apis/error-formats.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';
import { serve } from '../../../../lambda/apis/shared/serve.ts';
import { readConfig } from '../../../../lambda/config.ts';
import { createApp } from '../../../../lambda/http/app.ts';
import { createLogger } from '../../../../lambda/telemetry/logger.ts';
import { eventsOf, haiku } from '../../../support/chat.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../../support/scripted-engine.ts';
import { techniqueDeps } from '../../../support/techniques.ts';

function setUp(choose: (call: SeenCall, nth: number) => Said | Promise<Said>, heartbeatMs = 60_000) {
  const contents: Record<string, unknown>[] = [];
  const faults: unknown[] = [];
  const scripted = scriptedEngine(choose);
  const chat = serve(chatCompletions({ strict: false }), {
    engine: scripted.engine,
    heartbeatMs,
    fetchMedia: async () => new Map(),
    now: Date.now,
    onUnexpected: (error) => faults.push(error),
    contentLog: createLogger('info', (line) => contents.push(JSON.parse(line))),
    techniques: techniqueDeps({ ENABLE_OPTIMISATION: 'true' }),
  });
  const app = createApp({
    config: readConfig({}),
    authenticate: async () => ({ name: 'key' }),
    logger: createLogger('info', () => {}),
    api: new Hono<GatewayEnv>().post('/chat/completions', chat),
    now: Date.now,
    record: async () => {},
    newRequestId: () => 'req_1',
    waitUntil: () => {},
    errorFormatFor,
  });
  const post = async (body: object) => {
    const asked = { model: haiku, messages: [{ role: 'user', content: 'Hi' }], ...body };
    const init = { method: 'POST', body: JSON.stringify(asked), headers: { 'x-api-key': 'k' } };
    const response = await app.fetch(new Request('http://gateway/v1/chat/completions', init), {});
    return { response, text: await response.text() };
  };
  return { post, contents, faults, calls: scripted.calls };
}

const rated = ({ step }: SeenCall): Said => (step === 'bon/rate' ? 'Score: 7' : 'It is 42.');
const later = async <T>(value: T): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, 80));
  return value;
};

test('where none is asked for after all, it is a plain request: one call and no header', async () => {
  const { post, calls } = setUp(rated);
  const { response } = await post({ model: `bon-${haiku}`, optimisation: 'none' });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-gateway-optimisation')).toBeNull();
  expect(calls.map(({ step }) => step)).toEqual(['none/answer']);
});

test('where contents may be logged, so are those of inner calls', async () => {
  const { post, contents } = setUp(rated);
  await post({ optimisation: 'bon(n=2)' });
  const inner = contents.filter(({ message }) => message === 'inner call');
  expect(new Set(inner.map(({ step }) => step))).toEqual(new Set(['bon/sample', 'bon/rate']));
  expect(contents.at(-1)).toMatchObject({ message: 'answer', requestId: 'req_1' });
});

test('a stream in which nothing has begun is kept open, and answers as one that begins at once', async () => {
  const { post } = setUp((call) => later(rated(call)), 20);
  const { response, text } = await post({ optimisation: 'bon(n=2)', stream: true });
  expect(response.headers.get('x-gateway-optimisation')).toBe('bon(n=2)');
  expect(text).toMatch(/^:/);
  const chunks = eventsOf(text);
  const said = chunks.map(({ choices: [choice] = [] }) => choice?.delta?.content ?? '').join('');
  // The model that has answered.
  expect([said, chunks[0]?.model]).toEqual(['It is 42.', 'm']);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('what stands aside is warned of in a stream that was kept open, too', async () => {
  const { post } = setUp((call) => later(rated(call)), 20);
  const tools = [{ type: 'function', function: { name: 't', parameters: { type: 'object' } } }];
  const { response } = await post({ optimisation: 're2&bon', stream: true, tools });
  expect(response.headers.get('x-gateway-optimisation')).toBe('re2');
  expect(response.headers.get('x-gateway-warnings')).toMatch(/bon stands aside because tools may be called/);
});

test('a stream that another model has begun says the name that was asked for', async () => {
  const { post } = setUp(rated);
  const models = { sample: 'another' };
  const { response, text } = await post({ optimisation: { technique: 'bon(n=2)', models }, stream: true });
  expect(response.headers.get('x-gateway-model')).toBeNull();
  expect(eventsOf(text)[0]?.model).toBe(haiku);
});

test.each([
  ['of Bedrock’s', { breaks: 'half' }, 0],
  [
    'of our own',
    () => {
      throw new TypeError('ours');
    },
    1,
  ],
] as const)(
  'a failure %s in a stream ends it with an error, and only our own is noted',
  async (_, fault, noted) => {
    const { post, faults } = setUp(async () => {
      const said = await later(fault);
      return typeof said === 'function' ? said() : said;
    }, 20);
    const { response, text } = await post({ optimisation: 're2', stream: true });
    expect(response.status).toBe(200);
    expect(eventsOf(text).at(-1)).toHaveProperty('error');
    expect(text).not.toMatch(/\[DONE\]|ours/);
    expect(faults).toHaveLength(noted);
  },
);
