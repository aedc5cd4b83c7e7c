import { expect, test } from 'vitest';
import { afterReads } from '../../../../lambda/backends/stream/after-reads.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('all that wait are called in one turn, in their order; what they ask for comes in the next', async () => {
  const called: string[] = [];
  afterReads(() => {
    called.push('a');
    afterReads(() => called.push('c'));
  });
  afterReads(() => called.push('b'));
  expect(called).toEqual([]);
  await turn();
  expect(called).toEqual(['a', 'b']);
  await turn();
  expect(called).toEqual(['a', 'b', 'c']);
});

test('one that throws does not stop the others', async () => {
  const called: string[] = [];
  const uncaught = nextUncaught();
  afterReads(() => called.push('a'));
  afterReads(() => {
    throw new Error('a bug');
  });
  afterReads(() => called.push('b'));
  expect(await uncaught).toMatchObject({ message: 'a bug' });
  await turn();
  expect(called).toEqual(['a', 'b']);
});

/** In place of the test runner's own handlers. */
function nextUncaught(): Promise<Error> {
  const handlers = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
  process.removeAllListeners('uncaughtException');
  return new Promise((resolve) => {
    process.once('uncaughtException', (error) => {
      for (const handler of handlers) process.on('uncaughtException', handler);
      resolve(error);
    });
  });
}
