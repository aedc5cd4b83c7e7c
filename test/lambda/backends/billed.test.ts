import { expect, test } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import { call, testClients } from './fake-bedrock.ts';

const billing = { role: { arn: 'arn:aws:iam::123456789012:role/red', session: 'red', tags: {} } };

test.each([
  ['before', true],
  ['while', false],
])('a call that is over %s its role is assumed does not wait for STS', async (_, isOver) => {
  const stop = new AbortController();
  const clients = { ...testClients('http://127.0.0.1:1'), assume: () => new Promise<never>(() => {}) };
  const backend = createConverseBackend(clients);
  if (isOver) stop.abort();
  const sent = backend.send(call({ signal: stop.signal, payer: { marks: {}, billing } }));
  const failed = expect(sent).rejects.toMatchObject({ reason: 'aborted', status: 499 });
  setImmediate(() => stop.abort());
  await failed;
});
