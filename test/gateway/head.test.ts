import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulatedBatches } from '../../local/simulator/batches.ts';
import { asker, chatFile, upload } from '../support/batches.ts';
import { haiku } from '../support/chat.ts';
import type { Stack } from '../support/stack.ts';
import { as, clientOf, startStoring } from '../support/storing.ts';

/** HEAD is GET without its body (RFC 9110 §9.3.2), whatever the route makes of the method. */

let stack: Stack;
const paths: string[] = [];
beforeAll(async () => {
  stack = await startStoring({ env: { BATCHES: simulatedBatches } });
  const client = clientOf(stack);
  const file = await upload(asker(stack, 'sk-one'), chatFile(2000));
  const response = await client.responses.create({ model: haiku, input: 'Hello' });
  const conversation = await client.conversations.create({});
  paths.push(
    ...['/models', `/models/${haiku}`, '/files', `/files/${file}`, `/files/${file}/content`, '/batches'],
    ...['/messages/batches', `/responses/${response.id}`, `/responses/${response.id}?stream=true`],
    ...[`/responses/${response.id}/input_items`, `/conversations/${conversation.id}`],
    ...[`/conversations/${conversation.id}/items`, '/organization/costs', '/nothing', '/responses', ''],
  );
});
afterAll(() => stack.close());

test('HEAD says of every path what GET says, and ends', async () => {
  let asked = 3;
  const recorded = () => stack.logs.filter(({ message }) => message === 'request').length;
  const ask = async (path: string, method: string) => {
    const response = await fetch(`${stack.baseUrl}${path}`, { method, headers: as('one') });
    const said = [path, response.status, response.headers.get('content-type')];
    const body = await response.text();
    asked += 1;
    await expect.poll(recorded, { message: `${method} ${path}` }).toBe(asked);
    const { status, ended } = stack.logs.findLast(({ message }) => message === 'request') ?? {};
    return { said, body, record: [status, ended] };
  };
  for (const path of paths) {
    const got = await ask(path, 'GET');
    expect(got.body).not.toBe('');
    expect(await ask(path, 'HEAD')).toEqual({ ...got, body: '' });
  }
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});
