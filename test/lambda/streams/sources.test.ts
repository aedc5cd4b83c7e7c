import { describe, expect, test } from 'vitest';
import { followed } from '../../../lambda/streams/append.ts';
import { later } from '../../../lambda/streams/from-promise.ts';
import { mapped, type StreamEnd } from '../../../lambda/streams/map.ts';
import { merged } from '../../../lambda/streams/merge.ts';
import { type Source, single } from '../../../lambda/streams/source.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';

/** What a taker was told, in order. */
function listen() {
  const told: unknown[] = [];
  const taker = {
    onItem: (item: unknown) => told.push(item),
    onEnd: () => told.push('end'),
    onError: (error: unknown) => told.push(error),
  };
  return { told, taker };
}

/** A source that gives when the test says so. */
function manual() {
  const takers: Parameters<Source<string>['next']>[0][] = [];
  const state = { left: false };
  const source: Source<string> = {
    next: (taker) => takers.push(taker),
    leave() {
      state.left = true;
    },
  };
  return {
    source,
    state,
    asked: () => takers.length,
    give: (item: string, last = false) => takers.shift()?.onItem(item, last),
    end: () => takers.shift()?.onEnd(),
    fail: (error: Error) => takers.shift()?.onError(error),
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
    const taker = { ...listen().taker, onItem: (...given: unknown[]) => seen.push(given) };
    source.next(taker);
    expect(seen).toEqual([['a', true]]);
    const { told, taker: second } = listen();
    source.next(second);
    expect(told).toEqual(['end']);
  });

  test('is not given to those who have left', async () => {
    const source = single('a');
    source.leave();
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
    const source = mapped(sourceOf([1, 2]), (n) => n * 2, onDone);
    expect(await all(source)).toEqual([2, 4]);
    source.leave();
    expect(done).toEqual([{ complete: true }]);
  });

  test('fails with its source', () => {
    const { source, fail } = manual();
    const { done, onDone } = ends();
    const { told, taker } = listen();
    mapped(source, (x) => x, onDone).next(taker);
    const error = new Error('broken');
    fail(error);
    expect([told, done]).toEqual([[error], [{ complete: false, error }]]);
  });

  test('leaves its source when an item cannot be mapped', () => {
    const { source, state, give } = manual();
    const { done, onDone } = ends();
    const { told, taker } = listen();
    const error = new Error('unmappable');
    const throwing = () => {
      throw error;
    };
    mapped(source, throwing, onDone).next(taker);
    give('a');
    expect([told, done, state.left]).toEqual([[error], [{ complete: false, error }], true]);
  });

  test('left, it leaves its source and tells nobody anything', () => {
    const { source, state, give } = manual();
    const { done, onDone } = ends();
    const { told, taker } = listen();
    const upper = mapped(source, (x) => x.toUpperCase(), onDone);
    upper.next(taker);
    upper.leave();
    give('late');
    expect([told, done, state.left]).toEqual([[], [{ complete: false }], true]);
  });
});

describe('merged sources', () => {
  test('one is itself', () => {
    const { source } = manual();
    expect(merged([source])).toBe(source);
  });

  test('give what comes as it comes, each source at most one item ahead', () => {
    const [a, b] = [manual(), manual()];
    const { told, taker } = listen();
    const both = merged([a.source, b.source]);
    both.next(taker);
    b.give('b1');
    expect([a.asked(), b.asked()]).toEqual([1, 0]);
    a.give('a1');
    both.next(taker);
    both.next(taker);
    a.give('a2');
    expect(told).toEqual(['b1', 'a1', 'a2']);
  });

  test('end when all have ended', () => {
    const [a, b] = [manual(), manual()];
    const { told, taker } = listen();
    const both = merged([a.source, b.source]);
    both.next(taker);
    a.end();
    expect(told).toEqual([]);
    b.give('b1');
    both.next(taker);
    b.end();
    both.next(taker);
    expect(told).toEqual(['b1', 'end', 'end']);
  });

  test('fail with the first that does, after what came before it, and leave the others', () => {
    const [a, b, c] = [manual(), manual(), manual()];
    const { told, taker } = listen();
    const three = merged([a.source, b.source, c.source]);
    three.next(taker);
    a.give('a1');
    b.give('b1');
    const error = new Error('broken');
    c.fail(error);
    three.next(taker);
    three.next(taker);
    three.next(taker);
    expect(told).toEqual(['a1', 'b1', error, 'end']);
    expect([a.state.left, b.state.left, c.state.left]).toEqual([true, true, false]);
  });

  test('left, all are left', () => {
    const [a, b] = [manual(), manual()];
    const { told, taker } = listen();
    const both = merged([a.source, b.source]);
    both.next(taker);
    both.leave();
    expect([told, a.state.left, b.state.left]).toEqual([[], true, true]);
  });

  test('that are none have ended', async () => {
    expect(await all(merged([]))).toEqual([]);
  });
});

describe('a source on its way', () => {
  test('gives what it gives once it has come', async () => {
    expect(await all(later(Promise.resolve(sourceOf(['a', 'b']))))).toEqual(['a', 'b']);
  });

  test('that does not come is the stream’s failure, once', async () => {
    const source = later(Promise.reject(new Error('never')));
    const iterator = itemsOf(source);
    await expect(iterator.next()).rejects.toThrow('never');
    expect((await iterator.next()).done).toBe(true);
  });

  test('is left when it comes too late', async () => {
    const { source, state, asked } = manual();
    const coming = Promise.withResolvers<Source<string>>();
    const { told, taker } = listen();
    const waiting = later(coming.promise);
    waiting.next(taker);
    waiting.leave();
    coming.resolve(source);
    await coming.promise;
    expect([told, state.left, asked()]).toEqual([[], true, 0]);
  });

  test('left afterwards, it is left as well', async () => {
    const { source, state } = manual();
    const here = later(Promise.resolve(source));
    await Promise.resolve();
    here.leave();
    expect(state.left).toBe(true);
  });

  test('left before it failed, it tells nobody', async () => {
    const coming = Promise.withResolvers<Source<string>>();
    const { told, taker } = listen();
    const waiting = later(coming.promise);
    waiting.next(taker);
    waiting.leave();
    coming.reject(new Error('late'));
    await coming.promise.catch(() => {});
    waiting.next(taker);
    expect(told).toEqual(['end']);
  });
});

describe('what follows', () => {
  test('comes behind the items, once, as the last', async () => {
    const { source, give, end } = manual();
    const whole = followed(source, () => 'tail');
    const seen: unknown[] = [];
    const taker = { ...listen().taker, onItem: (...given: unknown[]) => seen.push(given) };
    whole.next(taker);
    give('a', true);
    whole.next(taker);
    end();
    expect(seen).toEqual([
      ['a', false],
      ['tail', true],
    ]);
    expect(await all(whole)).toEqual([]);
  });

  test('may be nothing', async () => {
    expect(await all(followed(sourceOf(['a', 'b']), () => undefined))).toEqual(['a', 'b']);
  });

  test('is not made for a stream that fails', () => {
    const { source, fail } = manual();
    let made = false;
    const { told, taker } = listen();
    followed(source, () => {
      made = true;
      return 'tail';
    }).next(taker);
    const error = new Error('broken');
    fail(error);
    expect(told).toEqual([error]);
    expect(made).toBe(false);
  });

  test('fails the stream when it cannot be made', () => {
    const { source, end } = manual();
    const error = new Error('no tail');
    const { told, taker } = listen();
    const whole = followed(source, () => {
      throw error;
    });
    whole.next(taker);
    end();
    whole.next(taker);
    expect(told).toEqual([error, 'end']);
  });

  test('leaves what it follows', () => {
    const { source, state } = manual();
    followed(source, () => 'tail').leave();
    expect(state.left).toBe(true);
  });
});
