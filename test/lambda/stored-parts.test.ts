import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { History } from '../../lambda/apis/responses/stored/history.ts';
import { bounds, type Shelf, type StoringCaller } from '../../lambda/apis/responses/stored/shelf.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { ByteBudget } from '../../lambda/bounds.ts';
import type { JsonObject } from '../../lambda/canonical/types.ts';
import { createMemoryTable, type KeepingTable } from '../../lambda/store/memory-table.ts';
import { type Item, keyOf } from '../../lambda/store/types.ts';
import { sealedShelf } from '../../lambda/stored-parts.ts';

/** A shelf over a table whose items can be looked at and changed. */
function library() {
  const clock = { now: 1_800_000_000_000 };
  const items = new Map<string, Item>();
  const table: KeepingTable = {
    async put(item) {
      items.set(JSON.stringify([item.pk, item.sk]), item);
    },
    async delete({ pk, sk }) {
      items.delete(JSON.stringify([pk, sk]));
    },
    query: async ({ pk }) =>
      [...items.values()].filter((item) => (item.pk as { S: string }).S === pk).sort(bySortKey),
  };
  const shelf = (owner: StoringCaller): Shelf =>
    sealedShelf(
      table,
      owner,
      () => clock.now,
      () => {},
    );
  return { clock, items, shelf, expiresAt: clock.now / 1000 + 60 };
}
const bySortKey = (one: Item, other: Item) => (JSON.stringify(one.sk) < JSON.stringify(other.sk) ? -1 : 1);
const caller = (name: string, secret = `sk-${name}`): StoringCaller => ({
  name,
  keyless: false,
  stateKey: deriveStateKey(secret),
});
const read = async (shelf: Shelf, place: string) =>
  Object.fromEntries(await shelf.read(place, new ByteBudget()));

describe('a shelf', () => {
  test('gives back what was put there, of any size, and nothing else', async () => {
    const place = fc.stringMatching(/^[a-z]{2,5}_[A-Za-z0-9]{1,40}$/);
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
    const entries = fc.dictionary(name, fc.jsonValue(), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(place, entries, { maxKeys: 4 }), async (places) => {
        const { shelf, expiresAt } = library();
        const own = shelf(caller('one'));
        for (const [place, contents] of Object.entries(places))
          for (const [name, value] of Object.entries(contents))
            await own.write(place, name, { value } as JsonObject, expiresAt);
        for (const [place, contents] of Object.entries(places)) {
          const wanted = Object.entries(contents).map(([name, value]) => [name, { value }]);
          expect(await read(own, place)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(wanted))));
        }
        expect(await read(own, 'resp_nothing')).toEqual({});
      }),
      { numRuns: 50 },
    );
  });

  test('is nobody else’s: not another key’s, not another name’s, whatever is asked for', async () => {
    const { shelf, items, expiresAt } = library();
    await shelf(caller('one')).write('resp_1', 'response', { secret: 'Bello' }, expiresAt);
    expect(await read(shelf(caller('one')), 'resp_1')).toEqual({ response: { secret: 'Bello' } });
    for (const other of [caller('two'), caller('one', 'sk-two'), caller('two', 'sk-one')]) {
      expect(await read(shelf(other), 'resp_1')).toEqual({});
      await shelf(other).clear('resp_1');
    }
    expect(JSON.stringify([...items.values()])).not.toMatch(/Bello|resp_1|one/);
    expect(await read(shelf(caller('one')), 'resp_1')).toEqual({ response: { secret: 'Bello' } });
  });

  test('opens nothing that was moved, changed or cut', async () => {
    const { shelf, items, expiresAt } = library();
    const own = shelf(caller('one'));
    await own.write('resp_1', 'response', { a: 'x' }, expiresAt);
    await own.write('resp_2', 'other', { b: 'y' }, expiresAt);
    const [[key, item] = ['', {}], [, second] = ['', {}]] = [...items];
    items.set('moved', { ...item, pk: second?.pk, sk: { S: 'other#00' } } as Item);
    expect(await read(own, 'resp_2')).toEqual({});
    items.set(key, { ...item, data: { B: Buffer.from('changed'.repeat(9)).toString('base64') } } as Item);
    expect(await read(own, 'resp_1')).toEqual({});
    items.set(key, { ...item, parts: { N: '2' } } as Item);
    expect(await read(own, 'resp_1')).toEqual({});
  });

  test('forgets in time, though the table has it still, and takes no more than it may', async () => {
    const { shelf, clock, items, expiresAt } = library();
    const own = shelf(caller('one'));
    await own.write('resp_1', 'response', { a: 'x' }, expiresAt);
    clock.now += 61_000;
    expect([await read(own, 'resp_1'), items.size]).toEqual([{}, 1]);
    await expect(
      own.write('resp_2', 'response', { a: 'x'.repeat(bounds.bytes) }, expiresAt + 99),
    ).rejects.toThrow(RangeError);
  });
});

describe('a chain', () => {
  test('is followed up to so many answers, some at a time', async () => {
    const open = { now: 0, most: 0 };
    const chain = Array.from({ length: bounds.reads + 1 }, (_, i) => `resp_${i}`);
    const shelf: Pick<Shelf, 'read'> = {
      async read(place) {
        open.now += 1;
        open.most = Math.max(open.most, open.now);
        await new Promise((resolve) => setImmediate(resolve));
        open.now -= 1;
        const at = Number(place.slice('resp_'.length));
        const response = { response: { output: [] }, input: [{ id: place }], chain: chain.slice(0, at) };
        return new Map([['response', response as unknown as JsonObject]]);
      },
    };
    const upTo = (at: number) => new History(shelf as Shelf).upTo(`resp_${at}`);
    expect((await upTo(bounds.reads - 1)).items.map(({ id }) => id)).toEqual(chain.slice(0, -1));
    expect(open.most).toBeLessThanOrEqual(bounds.readsAtOnce);
    await expect(upTo(bounds.reads)).rejects.toThrow('more than 500');
  });
});

describe('the table of a laptop', () => {
  const item = (pk: string, data = ''): Item => ({
    ...keyOf(pk, 'a#00'),
    data: { B: Buffer.from(data).toString('base64') },
    expiresAt: { N: '100' },
  });

  test('forgets the oldest when it is full, and what has expired', async () => {
    let now = 0;
    const table = createMemoryTable(() => now, 2500);
    for (const pk of ['A', 'B', 'C']) await table.put(item(pk, 'x'.repeat(1000)));
    const found = async () =>
      (await Promise.all(['A', 'B', 'C'].map((pk) => table.query({ pk })))).map(({ length }) => length);
    expect(await found()).toEqual([0, 1, 1]);
    await table.put(item('B', 'y'));
    expect(await found()).toEqual([0, 1, 1]);
    now = 100_000;
    expect(await found()).toEqual([0, 0, 0]);
  });
});
