import type { Table } from './table.ts';
import { bytesIn, type Item, type Key, numberOf, textIn } from './types.ts';

/** What of a table is used to keep things, without counting anything. */
export type KeepingTable = Pick<Table, 'put' | 'delete' | 'query'>;

/** Bytes that are kept at most: then the oldest are forgotten. */
const mostBytes = 64 << 20;

/** A table in this process, which is gone with it: for a laptop. `now`: epoch milliseconds. */
export function createMemoryTable(now: () => number, limit = mostBytes): KeepingTable {
  const partitions = new Map<string, Map<string, Item>>();
  let bytes = 0;
  const forget = (pk: string, sk: string) => {
    const partition = partitions.get(pk);
    const item = partition?.get(sk);
    if (!partition || !item) return;
    bytes -= sizeOf(item);
    partition.delete(sk);
    if (partition.size === 0) partitions.delete(pk);
  };
  return {
    async put(item) {
      const [pk, sk] = placeOf(item as unknown as Key);
      forget(pk, sk);
      const partition = partitions.get(pk) ?? new Map<string, Item>();
      partitions.set(pk, partition.set(sk, item));
      bytes += sizeOf(item);
      for (const [oldest, items] of partitions) {
        if (bytes <= limit) break;
        for (const each of [...items.keys()]) forget(oldest, each);
      }
    },
    async delete(key) {
      forget(...placeOf(key));
    },
    async query({ pk, prefix = '' }) {
      const items = [...(partitions.get(pk) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
      return items.flatMap(([sk, item]) => {
        if ((numberOf(item, 'expiresAt') ?? Infinity) * 1000 > now())
          return sk.startsWith(prefix) ? [item] : [];
        forget(pk, sk);
        return [];
      });
    },
  };
}

const placeOf = ({ pk, sk }: Key): [string, string] => [pk.S, sk.S];
const sizeOf = (item: Item): number => bytesIn(item, 'data').length + textIn(item, 'pk').length + 100;
