import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type BatchDecoder, BrokenStream, batches } from '../../../../lambda/backends/stream/batches.ts';
import { itemsOf } from '../../../support/sources.ts';

/** Letters are items, `!` fails, anything else is the part of an item that is not complete yet. */
const letters = (): BatchDecoder<string> => ({
  push(chunk, items) {
    for (const character of chunk.toString()) {
      if (character === '!') throw new Error('decoder');
      if (/[a-z]/.test(character)) items.push(character);
    }
  },
  end() {},
});
const start = (body: PassThrough, options = {}) =>
  itemsOf(batches(body, letters(), { stallMs: 10_000, ...options }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what comes in one turn is one batch, also while nobody waits', async () => {
  const body = new PassThrough();
  const iterator = start(body);
  const first = iterator.next();
  body.write('a');
  expect(await first).toEqual({ done: false, value: ['a'] });
  for (const part of ['b', 'c']) {
    body.write(part);
    await turn();
  }
  expect(await iterator.next()).toEqual({ done: false, value: ['b', 'c'] });
  body.end();
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('half an item wakes nobody', async () => {
  const body = new PassThrough();
  const iterator = start(body);
  let woken = false;
  const next = iterator.next().then((result) => {
    woken = true;
    return result;
  });
  body.write('-');
  await turn();
  expect(woken).toBe(false);
  body.write('a');
  expect((await next).value).toEqual(['a']);
});

test('a failure comes after the items before it, once, and then the end', async () => {
  const body = new PassThrough();
  const iterator = start(body, { toError: async (error: Error) => new Error(`mapped ${error.message}`) });
  body.write('ab!c');
  await turn();
  expect((await iterator.next()).value).toEqual(['a', 'b']);
  await expect(iterator.next()).rejects.toThrow('mapped decoder');
  expect((await iterator.next()).done).toBe(true);
  expect(body.destroyed).toBe(true);
});

test('what goes on at the body after a failure gives no end before the failure is seen', async () => {
  const body = new PassThrough();
  const seen = Promise.withResolvers<Error>();
  const iterator = start(body, { toError: () => seen.promise });
  const next = iterator.next();
  body.write('!');
  await turn();
  body.emit('error', new Error('later'));
  await turn();
  seen.resolve(new Error('seen'));
  await expect(next).rejects.toThrow('seen');
  expect((await iterator.next()).done).toBe(true);
});

test('who leaves while a failure is looked at is not called any more', async () => {
  const body = new PassThrough();
  const seen = Promise.withResolvers<Error>();
  const source = batches(body, letters(), { stallMs: 10_000, toError: () => seen.promise });
  const called: string[] = [];
  source.pull({
    onItem: () => called.push('item'),
    onEnd: () => called.push('end'),
    onError: () => called.push('error'),
  });
  body.write('!');
  await turn();
  source.cancel();
  seen.resolve(new Error('seen'));
  await turn();
  expect(called).toEqual([]);
});

test('a failure that cannot be looked at is seen as what kept it', async () => {
  const body = new PassThrough();
  const iterator = start(body, { toError: () => Promise.reject(new Error('not loaded')) });
  body.write('!');
  await expect(iterator.next()).rejects.toThrow('not loaded');
});

test('a body that broke before or between reads is heard of', async () => {
  const dead = new PassThrough();
  dead.destroy();
  await expect(start(dead).next()).rejects.toThrow(BrokenStream);
  const body = new PassThrough();
  const iterator = start(body);
  body.destroy();
  await turn();
  await expect(iterator.next()).rejects.toThrow(BrokenStream);
});

test('leaving throws away what is left', async () => {
  const body = new PassThrough();
  const iterator = start(body);
  body.write('a');
  await turn();
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  expect((await iterator.next()).done).toBe(true);
  expect(body.destroyed).toBe(true);
});

test('a stall is only the sender’s: a consumer may take its time', async () => {
  const body = new PassThrough();
  const iterator = start(body, { stallMs: 20 });
  body.write('a');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await iterator.next()).value).toEqual(['a']);
  await expect(iterator.next()).rejects.toThrow('no byte came for 20 ms');
});
