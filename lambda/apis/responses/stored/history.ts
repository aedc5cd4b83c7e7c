import { ByteBudget } from '../../../bounds.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import { wholeItems } from './compacted.ts';
import {
  isId,
  itemEntry,
  outputOf,
  replayed,
  responseEntry,
  responseOf,
  type StoredResponse,
} from './records.ts';
import { noPrevious, tooManyReads } from './refusals.ts';
import { bounds, type Shelf } from './shelf.ts';

/** What one request reads from a shelf: each place once, and not more than one request may. */
export class History {
  readonly #shelf: Shelf;
  readonly #bytes = new ByteBudget();
  readonly #found = new Map<string, Promise<StoredResponse | undefined>>();
  /** Of responses that items are looked for in. */
  readonly #items = new Map<StoredResponse, ReadonlyMap<unknown, JsonObject>>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  response(id: string): Promise<StoredResponse | undefined> {
    const found = this.#found.get(id) ?? this.#read(id);
    this.#found.set(id, found);
    return found;
  }

  /**
   * Everything that was said up to the end of a response, the oldest first, and the ids of its responses. Rejects with a
   * 400 when one of them is not there: silence would make the model forget.
   */
  async upTo(id: string): Promise<{ items: JsonObject[]; chain: string[] }> {
    const last = await this.response(id);
    if (!last) throw noPrevious(id);
    const chain = [...last.chain, id];
    if (chain.length > bounds.reads) throw tooManyReads('previous_response_id', bounds.reads);
    const responses = await inGroups(chain, (each) => this.response(each));
    const items = responses.flatMap((each, i) => {
      if (!each) throw noPrevious(id, chain[i]);
      return [...each.input.map(replayed), ...wholeItems(outputOf(each), each.response)];
    });
    return { items, chain };
  }

  /** Those of these responses that are still there. */
  async all(ids: readonly string[]): Promise<StoredResponse[]> {
    const found = await inGroups(ids, (id) => this.response(id));
    return found.filter((each) => each !== undefined);
  }

  /** The items that references mean, by id; those that nothing has are missing. */
  async items(ids: ReadonlySet<string>): Promise<Map<string, JsonObject>> {
    if (ids.size > bounds.reads) throw tooManyReads('input', bounds.reads);
    const known = [...ids].filter(isId);
    const found = await inGroups(known, async (id) => [id, await this.#item(id)] as const);
    return new Map(found.flatMap(([id, item]) => (item ? [[id, item]] : [])));
  }

  async #item(id: string): Promise<JsonObject | undefined> {
    const ours = responseOf(id);
    const inOurs = ours === undefined ? undefined : this.#in(await this.response(ours), id);
    if (inOurs) return inOurs;
    const { response } = (await this.#shelf.read(id, this.#bytes)).get(itemEntry) ?? {};
    return typeof response === 'string' ? this.#in(await this.response(response), id) : undefined;
  }

  #in(record: StoredResponse | undefined, id: string): JsonObject | undefined {
    if (!record) return undefined;
    const known = this.#items.get(record);
    const items = known ?? new Map([...record.input, ...outputOf(record)].map((item) => [item.id, item]));
    this.#items.set(record, items);
    return items.get(id);
  }

  async #read(id: string): Promise<StoredResponse | undefined> {
    if (!isId(id)) return undefined;
    const entries = await this.#shelf.read(id, this.#bytes);
    return entries.get(responseEntry) as StoredResponse | undefined;
  }
}

/** In the order of `values`; some at a time, because each may be large. */
async function inGroups<T, R>(values: readonly T[], read: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < values.length; i += bounds.readsAtOnce) {
    results.push(...(await Promise.all(values.slice(i, i + bounds.readsAtOnce).map(read))));
  }
  return results;
}
