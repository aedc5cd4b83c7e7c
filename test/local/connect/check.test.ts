import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../../local/connect/check.ts';
import { type ApiName, apiNames } from '../../../local/connect/clients/client.ts';
import { freePort } from '../../support/free-port.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startMachine } from './terminal.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

describe('--check', () => {
  test.each(apiNames)('one small streamed call by %s', async (api) => {
    stack.logs.length = 0;
    const { ok, lines } = await check({ api, baseUrl: stack.baseUrl, model }, stack.apiKey);
    expect({ ok, lines }).toEqual({
      ok: true,
      lines: [
        expect.stringMatching(/^POST http:.* answered 200$/),
        `model   ${model}`,
        expect.stringMatching(/^answer {2}".*Say hello in one short sentence/),
      ],
    });
    expect(stack.logs).toHaveLength(1);
    expect(stack.logs[0]).toMatchObject({ status: 200, stream: true });
  });

  test.each(apiNames)('a wrong key and a model that is not there, by %s', async (api) => {
    const wrong = await check({ api, baseUrl: stack.baseUrl, model }, 'sk-wrong');
    expect(wrong.ok).toBe(false);
    expect(wrong.lines.join('\n')).toMatch(/answered 401\n.*\n→ The key is not one of this gateway’s\./s);
    expect(wrong.lines.join('\n')).not.toContain('sk-wrong');
    const none = await check({ api, baseUrl: stack.baseUrl, model: 'no-such-model' }, stack.apiKey);
    expect(none.lines.join('\n')).toMatch(/answered 404\n.*no-such-model.*\n→ .*`npx gateway models`/s);
  });

  test('through the command, with its exit status', async () => {
    const machine = await startMachine();
    const url = ['--url', stack.baseUrl, '--model', model, '--check'];
    const good = await machine.connect(['claude-code', ...url, '--key', stack.apiKey]);
    expect(good).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok {4}POST .*\/messages answered 200\n/),
    });
    const bad = await machine.connect(['codex', ...url, '--key', 'sk-wrong']);
    expect(bad).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^FAIL {2}POST .*\/responses answered 401\n/),
    });
    expect(await machine.files()).toEqual({});
    await machine.close();
  });
});

describe('--check of what is no complete answer', () => {
  const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
  /** An error in each API's own form, after the first words. */
  const failing: Readonly<Record<ApiName, string>> = {
    chat: event({ choices: [{ delta: { content: 'He' } }] }) + event({ error: { message: 'It broke.' } }),
    responses:
      event({ type: 'response.output_text.delta', delta: 'He' }) +
      event({ type: 'response.failed', response: { error: { message: 'It broke.' } } }),
    messages:
      event({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'He' } }) +
      event({ type: 'error', error: { message: 'It broke.' } }),
  };

  async function against(answer: (response: ServerResponse) => void, api: ApiName) {
    const server = createServer((request, response) => {
      request.resume();
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    try {
      return await check({ api, baseUrl, model }, 'k');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  test.each(apiNames)('an error in the stream, by %s', async (api) => {
    const { ok, lines } = await against((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(failing[api]);
    }, api);
    expect({ ok, end: lines.slice(-2) }).toEqual({
      ok: false,
      end: ['answer  "He"', 'The stream failed: It broke.'],
    });
  });

  test.each<[string, number, string, string, RegExp]>([
    [
      'a page',
      200,
      'text/html',
      '<h1>Hi</h1>',
      /^POST .* 200\nThat is no stream of a gateway: it sent text\/html\.\n→ /,
    ],
    [
      'a page that refuses',
      404,
      'text/html',
      '<h1>Not\n found</h1>',
      /answered 404\nNot found\n→ Is the address right/,
    ],
    ['JSON', 400, 'application/json', '{"error":{"message":"\\u001b[2JNo \\u009bm."}}', /400\n\[2JNo m\.$/],
    ['a text', 500, 'text/plain', '\x1b]52;c;eA==\x07 down', /500\n\]52;c;eA== down$/],
  ])('what is no gateway: %s', async (_, status, type, body, said) => {
    const { ok, lines } = await against((response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    }, 'chat');
    expect(ok).toBe(false);
    expect(lines.join('\n')).toMatch(said);
  });

  test.each(apiNames)('a stream that stops, by %s', async (api) => {
    const { ok, lines } = await against((response) => {
      const [first = ''] = failing[api].split('\n\n');
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${first}\n\n`);
    }, api);
    expect({ ok, end: lines.at(-1) }).toEqual({ ok: false, end: 'The stream broke off before its end.' });
  });

  test('something that is no gateway, and nothing at all', async () => {
    const other = await against(
      (response) => void response.writeHead(502).end('<html>Bad Gateway</html>'),
      'chat',
    );
    expect(other.lines).toEqual([expect.stringContaining('answered 502'), 'Bad Gateway']);
    const page = await against((response) => void response.writeHead(200).end('<html>Hello</html>'), 'chat');
    expect(page).toMatchObject({ ok: false });
    const port = await freePort();
    const nothing = await check({ api: 'chat', baseUrl: `http://127.0.0.1:${port}/v1`, model }, 'k');
    expect(nothing).toEqual({
      ok: false,
      lines: [
        `POST http://127.0.0.1:${port}/v1/chat/completions: nothing listens there (npm start serves the local gateway)`,
      ],
    });
  });
});
