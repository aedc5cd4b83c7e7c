import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Connection } from '../../../../local/chat/connection.ts';
import { converse } from '../../../../local/chat/repl/repl.ts';
import { Session } from '../../../../local/chat/session.ts';
import type { Store } from '../../../../local/conversations/store.ts';
import type { Input } from '../../../../local/io.ts';
import { newFolder, storeIn } from '../../conversations/support.ts';
import { scriptedConnection, textEvent } from '../scripted-connection.ts';

/** Begins an answer, and goes on until it is stopped. */
const endless: Connection = {
  ...scriptedConnection(),
  ask: async ({ model }, signal) => ({
    model,
    steps: [],
    warnings: [],
    ignored: [],
    events: (async function* () {
      yield [textEvent('Half')];
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    })(),
    spent: async () => ({ tokens: undefined, estimated: false, cost: { unknown: 'nothing was counted' } }),
  }),
};

/** A conversation on a terminal. */
function conversing(store: Store, connection: Connection = scriptedConnection()) {
  const stdin = new PassThrough();
  let shown = '';
  const out = { isTTY: true, columns: 80, write: (text: string) => (shown += text) };
  const session = new Session({
    connection,
    store,
    model: 'amazon.nova-lite-v1:0',
    settings: {},
    showReasoning: true,
    goesOn: true,
    person: { tell: () => {}, ask: async () => undefined },
  });
  const ended = converse(session, { stdin: stdin as Input, stdout: out, stderr: out, env: { TERM: 'dumb' } });
  const type = async (keys: string) => {
    stdin.write(keys);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { type, ended, shown: () => shown };
}

test('Ctrl-C twice leaves also while something does not come to its end', async () => {
  const store = storeIn(newFolder());
  store.list = () => new Promise(() => {});
  const { type, ended, shown } = conversing(store);
  await type('/list\r');
  await type('\x03');
  expect(shown()).toContain('(Ctrl-C again leaves)');
  await type('\x03');
  expect(await ended).toBe(0);
});

test('Ctrl-C twice in an answer leaves when what came is kept, and a third time at once', async () => {
  const store = storeIn(newFolder());
  const { promise: kept, resolve: keep } = Promise.withResolvers<void>();
  const save = store.save.bind(store);
  store.save = async (conversation) => {
    await kept;
    return save(conversation);
  };
  const { type, ended } = conversing(store, endless);
  await type('Hello\r');
  await type('\x03\x03');
  keep();
  expect(await ended).toBe(0);
  const [found] = (await store.list()).listed;
  expect(found?.conversation?.turns.at(-1)).toMatchObject({
    stopReason: 'stopped',
    content: [{ text: 'Half' }],
  });

  store.save = () => new Promise(() => {});
  const stuck = conversing(store, endless);
  await stuck.type('Hello\r');
  await stuck.type('\x03\x03\x03');
  expect(await stuck.ended).toBe(0);
});

test('Ctrl-D in an answer leaves behind it, and Ctrl-C then still keeps what came', async () => {
  const store = storeIn(newFolder());
  const { type, ended } = conversing(store, endless);
  const before = process.listenerCount('SIGINT');
  await type('Hello\r');
  await type('\x04');
  process.emit('SIGINT');
  expect(await ended).toBe(0);
  expect((await store.list()).listed[0]?.conversation?.turns.at(-1)).toMatchObject({ stopReason: 'stopped' });
  expect(process.listenerCount('SIGINT')).toBe(before - 1);
});
