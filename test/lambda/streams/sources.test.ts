import { describe, expect, test } from 'vitest';
import { append } from '../../../lambda/streams/append.ts';
import { fromPromise } from '../../../lambda/streams/from-promise.ts';
import { map, type StreamEnd } from '../../../lambda/streams/map.ts';
import { merge } from '../../../lambda/streams/merge.ts';
import { type Source, single } from '../../../lambda/streams/source.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';

/** What a receiver was told, in order. */
function listen() {
  const told: unknown[] = [];
  const receiver = {
    onItem: (item: unknown) => told.push(item),
    onEnd: () => told.push('end'),
    onError: (error: unknown) => told.push(error),
  };
  return { told, receiver };
}

/** A source that gives when the test says so. */
function manual() {
  const receivers: Parameters<Source<string>['pull']>[0][] = [];
  const state = { left: false };
  const source: Source<string> = {
    pull: (receiver) => receivers.push(receiver),
    cancel() {
      state.left = true;
    },
  };
  return {
    source,
    state,
    asked: () => receivers.length,
    give: (item: string, last = false) => receivers.shift()?.onItem(item, last),
    end: () => receivers.shift()?.onEnd(),
    fail: (error: Error) => receivers.shift()?.onError(error),
  };
}

async function all<T>(source: Source<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of itemsOf(source)) items.push(item);
  return items;
}

describe('a single item', () => {
  test('comes once, and says that it is the last', () => {
    const source = single('a');
    const seen: unknown[] = [];
    const receiver = { ...listen().receiver, onItem: (...given: unknown[]) => seen.push(given) };
    source.pull(receiver);
    expect(seen).toEqual([['a', true]]);
    const { told, receiver: second } = listen();
    source.pull(second);
    expect(told).toEqual(['end']);
  });

  test('is not given to those who have left', async () => {
    const source = single('a');
    source.cancel();
    expect(await all(source)).toEqual([]);
  });
});

describe('a mapped source', () => {
  const ends = () => {
    const done: StreamEnd[] = [];
    return { done, onDone: (end: StreamEnd) => done.push(end) };
  };

  test('gives what is made of each item, and tells its end once', async () => {
    const { done, onDone } = ends();
    const source = map(sourceOf([1, 2]), (n) => n * 2, onDone);
    expect(await all(source)).toEqual([2, 4]);
    source.cancel();
    expect(done).toEqual([{ complete: true }]);
  });

  test('fails with its source', () => {
    const { source, fail } = manual();
    const { done, onDone } = ends();
    const { told, receiver } = listen();
    map(source, (x) => x, onDone).pull(receiver);
    const error = new Error('broken');
    fail(error);
    expect([told, done]).toEqual([[error], [{ complete: false, error }]]);
  });

  test('leaves its source when an item cannot be mapped', () => {
    const { source, state, give } = manual();
    const { done, onDone } = ends();
    const { told, receiver } = listen();
    const error = new Error('unmappable');
    const throwing = () => {
      throw error;
    };
    map(source, throwing, onDone).pull(receiver);
    give('a');
    expect([told, done, state.left]).toEqual([[error], [{ complete: false, error }], true]);
  });

  test('left, it leaves its source and tells nobody anything', () => {
    const { source, state, give } = manual();
    const { done, onDone } = ends();
    const { told, receiver } = listen();
    const upper = map(source, (x) => x.toUpperCase(), onDone);
    upper.pull(receiver);
    upper.cancel();
    give('late');
    expect([told, done, state.left]).toEqual([[], [{ complete: false }], true]);
  });
});

describe('merged sources', () => {
  test('one is itself', () => {
    const { source } = manual();
    expect(merge([source])).toBe(source);
  });

  test('give what comes as it comes, each source at most one item ahead', () => {
    const [a, b] = [manual(), manual()];
    const { told, receiver } = listen();
    const both = merge([a.source, b.source]);
    both.pull(receiver);
    b.give('b1');
    expect([a.asked(), b.asked()]).toEqual([1, 0]);
    a.give('a1');
    both.pull(receiver);
    both.pull(receiver);
    a.give('a2');
    expect(told).toEqual(['b1', 'a1', 'a2']);
  });

  test('end when all have ended', () => {
    const [a, b] = [manual(), manual()];
    const { told, receiver } = listen();
    const both = merge([a.source, b.source]);
    both.pull(receiver);
    a.end();
    expect(told).toEqual([]);
    b.give('b1');
    both.pull(receiver);
    b.end();
    both.pull(receiver);
    expect(told).toEqual(['b1', 'end', 'end']);
  });

  test('fail with the first that does, after what came before it, and leave the others', () => {
    const [a, b, c] = [manual(), manual(), manual()];
    const { told, receiver } = listen();
    const three = merge([a.source, b.source, c.source]);
    three.pull(receiver);
    a.give('a1');
    b.give('b1');
    const error = new Error('broken');
    c.fail(error);
    three.pull(receiver);
    three.pull(receiver);
    three.pull(receiver);
    expect(told).toEqual(['a1', 'b1', error, 'end']);
    expect([a.state.left, b.state.left, c.state.left]).toEqual([true, true, false]);
  });

  test('left, all are left', () => {
    const [a, b] = [manual(), manual()];
    const { told, receiver } = listen();
    const both = merge([a.source, b.source]);
    both.pull(receiver);
    both.cancel();
    expect([told, a.state.left, b.state.left]).toEqual([[], true, true]);
  });

  test('that are none have ended', async () => {
    expect(await all(merge([]))).toEqual([]);
  });
});

describe('a source on its way', () => {
  test('gives what it gives once it has come', async () => {
    expect(await all(fromPromise(Promise.resolve(sourceOf(['a', 'b']))))).toEqual(['a', 'b']);
  });

  test('that does not come is the stream’s failure, once', async () => {
    const source = fromPromise(Promise.reject(new Error('never')));
    const iterator = itemsOf(source);
    await expect(iterator.next()).rejects.toThrow('never');
    expect((await iterator.next()).done).toBe(true);
  });

  test('is left when it comes too late', async () => {
    const { source, state, asked } = manual();
    const coming = Promise.withResolvers<Source<string>>();
    const { told, receiver } = listen();
    const waiting = fromPromise(coming.promise);
    waiting.pull(receiver);
    waiting.cancel();
    coming.resolve(source);
    await coming.promise;
    expect([told, state.left, asked()]).toEqual([[], true, 0]);
  });

  test('left afterwards, it is left as well', async () => {
    const { source, state } = manual();
    const here = fromPromise(Promise.resolve(source));
    await Promise.resolve();
    here.cancel();
    expect(state.left).toBe(true);
  });

  test('left before it failed, it tells nobody', async () => {
    const coming = Promise.withResolvers<Source<string>>();
    const { told, receiver } = listen();
    const waiting = fromPromise(coming.promise);
    waiting.pull(receiver);
    waiting.cancel();
    coming.reject(new Error('late'));
    await coming.promise.catch(() => {});
    waiting.pull(receiver);
    expect(told).toEqual(['end']);
  });
});

describe('what follows', () => {
  test('comes behind the items, once, as the last', async () => {
    const { source, give, end } = manual();
    const whole = append(source, () => 'tail');
    const seen: unknown[] = [];
    const receiver = { ...listen().receiver, onItem: (...given: unknown[]) => seen.push(given) };
    whole.pull(receiver);
    give('a', true);
    whole.pull(receiver);
    end();
    expect(seen).toEqual([
      ['a', false],
      ['tail', true],
    ]);
    expect(await all(whole)).toEqual([]);
  });

  test('may be nothing', async () => {
    expect(await all(append(sourceOf(['a', 'b']), () => undefined))).toEqual(['a', 'b']);
  });

  test('is not made for a stream that fails', () => {
    const { source, fail } = manual();
    let made = false;
    const { told, receiver } = listen();
    append(source, () => {
      made = true;
      return 'tail';
    }).pull(receiver);
    const error = new Error('broken');
    fail(error);
    expect(told).toEqual([error]);
    expect(made).toBe(false);
  });

  test('fails the stream when it cannot be made', () => {
    const { source, end } = manual();
    const error = new Error('no tail');
    const { told, receiver } = listen();
    const whole = append(source, () => {
      throw error;
    });
    whole.pull(receiver);
    end();
    whole.pull(receiver);
    expect(told).toEqual([error, 'end']);
  });

  test('leaves what it follows', () => {
    const { source, state } = manual();
    append(source, () => 'tail').cancel();
    expect(state.left).toBe(true);
  });
});
