import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { scenarioGroups } from '../../../local/simulator/scenarios/table.ts';
import { signed } from './helpers.ts';
import { call, gpt, qwen, records } from './openai.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const group = (title: string) => scenarioGroups.find((each) => each.title === title)!.scenarios;

/** The same question on both paths. */
const asks = [
  ['/chat/completions', (text: string) => ({ model: qwen, messages: [{ role: 'user', content: text }] })],
  ['/responses', (text: string) => ({ model: gpt, input: text })],
] as const;

describe.each(asks)('%s', (path, ask) => {
  const fromFrontDoor = ['access-denied', 'marketplace', 'expired-token', 'unknown-client'];
  const names = group('Refusals').map(({ name }) => name);

  test.each(names.filter((name) => name !== 'no-streaming'))('refuses, streamed or not: %s', async (name) => {
    for (const stream of [false, true]) {
      const { status, json, headers } = await call(simulator, path, { ...ask(`[[${name}]] Hello`), stream });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers.get('content-type')).toBe('application/json');
      const form = fromFrontDoor.includes(name) ? ['message'] : ['error'];
      expect(Object.keys(json)).toEqual(form);
      if (form[0] === 'error') expect(json.error.message).not.toContain('The model returned the following');
    }
  });

  test('a throttle is a 429, and overload a 503', async () => {
    const told = async (text: string) => {
      const { status, json } = await call(simulator, path, ask(text));
      return [status, json.error.type, json.error.code];
    };
    expect(await told('[[throttle]]')).toEqual([429, 'rate_limit_error', 'rate_limit_exceeded']);
    expect(await told('[[unavailable]]')).toEqual([503, 'server_error', 'server_error']);
  });

  test('only the whole form works', async () => {
    const body = ask('[[no-streaming]] Hello');
    expect((await call(simulator, path, { ...body, stream: true })).status).toBe(400);
    expect((await call(simulator, path, body)).status).toBe(200);
  });

  test('a throttle inside the stream is its last record', async () => {
    const { list } = await records(simulator, path, ask('[[stream-error:throttlingException:3]] Hello'));
    expect(list.length).toBe(4);
    const { event, data } = list[3]!;
    if (path === '/responses')
      expect([event, data]).toEqual([
        'error',
        expect.objectContaining({ type: 'error', sequence_number: 3, code: 'rate_limit_exceeded' }),
      ]);
    else expect(data).toEqual({ error: expect.objectContaining({ code: 'rate_limit_exceeded' }) });
  });

  test('ends without its end', async () => {
    const { text } = await records(simulator, path, ask('[[no-message-stop]] Hello'));
    expect(text).toContain('Hello');
    for (const end of ['[DONE]', '"finish_reason":"', 'response.completed', 'response.incomplete'])
      expect(text).not.toContain(end);
  });

  test('ends in the middle of a record', async () => {
    const { list, rest } = await records(simulator, path, ask('[[truncate:3]] Hello'));
    expect([list.length, rest]).toEqual([3, 'data: {"type":"resp']);
  });

  test('an error that nobody describes, and records that cannot be read', async () => {
    const strange = await records(simulator, path, ask('[[error-frame:2]] Hello'));
    expect(strange.list.at(-1)?.data).toEqual({ error: expect.objectContaining({ code: 'server_error' }) });
    const broken = await records(simulator, path, ask('[[bad-crc:2]] Hello'));
    expect(broken.list[2]?.data).toBe('{"type":');
    const unnamed = await records(simulator, path, ask('[[bad-prelude-crc:2]] Hello'));
    expect(unnamed.list[2]?.data).toBe('');
  });

  test.each(['unknown-event', 'unknown-delta'])('%s among the others', async (name) => {
    const usual = await records(simulator, path, ask('Hello'));
    const { list, text } = await records(simulator, path, ask(`[[${name}]] Hello`));
    expect(text).toMatch(/thought|hologram/);
    expect(list.length).toBe(usual.list.length + 1);
  });

  test.each([false, true])('resets, streamed: %s', async (stream) => {
    for (const text of ['[[reset]]', '[[reset-mid-stream:3]]']) {
      const sent = JSON.stringify({ ...ask(`${text} Hello`), stream });
      await expect(read(`/openai/v1${path}`, sent)).rejects.toThrow();
    }
  });

  function read(url: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request(simulator.url + url, { method: 'POST', headers: signed() }, (response) => {
        let text = '';
        response.on('data', (bytes) => {
          text += bytes;
        });
        response.on('end', () => resolve(text)).on('error', reject);
      });
      asked.on('error', reject).end(body);
    });
  }

  test('a success that is none', async () => {
    const told = async (text: string) => (await call(simulator, path, ask(text))).json;
    expect(await told('[[error-200]]')).toEqual({ error: expect.objectContaining({ type: 'server_error' }) });
    expect(await told('[[unknown-operation]]')).toMatchObject({ Output: {} });
  });

  test.each(['[[batch]]', '[[split]]', '[[slow:1]]', '[[pieces:3]]'])('%s changes no byte', async (pace) => {
    const { list } = await records(simulator, path, ask(`${pace} Hello`));
    const usual = await records(simulator, path, ask('Hello'));
    expect(list.length).toBe(usual.list.length);
  });

  const said = [...group('What the model says'), ...group('What the model calls')];
  test.each(said.map(({ example }) => example))('plays %s, streamed or not', async (example) => {
    const { status } = await call(simulator, path, ask(example));
    expect(status).toBe(200);
    const { list } = await records(simulator, path, ask(example));
    expect(['[DONE]', 'response.completed', 'response.incomplete', 'response.failed']).toContain(
      list.at(-1)?.event ?? list.at(-1)?.data,
    );
  });
});

test('everything has been said, and then it is called a failure', async () => {
  const body = { model: gpt, input: '[[response-failed:server_error]] Hello' };
  const { list } = await records(simulator, '/responses', body);
  expect(list.at(-1)).toMatchObject({
    event: 'response.failed',
    data: { response: { status: 'failed', error: { code: 'server_error' }, output: [{}, {}] } },
  });
  expect((await call(simulator, '/responses', body)).json.status).toBe('failed');
});

test('a scenario of its own as a model', async () => {
  const { status } = await call(simulator, '/responses', {
    model: 'simulator.throttle-v1:0',
    input: 'Hello',
  });
  expect(status).toBe(429);
});
