import { createHmac, randomUUID } from 'node:crypto';
import { open, pack, seal, unpack } from './apis/reasoning/sealed-state.ts';
import { storeUnavailable } from './apis/responses/stored/refusals.ts';
import { bounds, type Shelf, type StoredDeps, type StoringCaller } from './apis/responses/stored/shelf.ts';
import type { ByteBudget } from './bounds.ts';
import { isObject } from './canonical/json.ts';
import type { JsonObject } from './canonical/types.ts';
import type { Config } from './config.ts';
import type { Clock } from './policy/clock.ts';
import { createMemoryTable, type KeepingTable } from './store/memory-table.ts';
import { createTable } from './store/table.ts';
import { bytesIn, type Item, keyOf, numberOf, textIn } from './store/types.ts';
import { errorFields, type Logger } from './telemetry/logger.ts';

export interface StoredPartsOptions {
  config: Pick<Config, 'region'> & { storeIn: string };
  clock: Clock;
  logger: Logger;
}

/**
 * Bytes of one item's data. DynamoDB takes items of 400 KB; what is longer stands in several
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
 */
const partBytes = 390_000;

/** What storing answers needs of the other rooms; loaded by the first request of Responses where a setting says so. */
export function createStoredParts({ config, clock, logger }: StoredPartsOptions): StoredDeps {
  const { storeIn: name, region } = config;
  const sleep = (ms: number) => clock.sleep(ms, new AbortController().signal);
  const waits = { random: clock.random, sleep };
  const table =
    name === 'memory' ? createMemoryTable(clock.now) : createTable({ name, region, clock: waits });
  const report = (message: string, error: unknown) => logger.warn(message, errorFields(error));
  return {
    // Callers who bring nothing but credentials of AWS may send anything as a key beside them.
    shelfOf: (caller) => (caller.keyless ? undefined : sealedShelf(table, caller, clock.now, report)),
    newId: () => randomUUID().replaceAll('-', ''),
    report,
  };
}

export const sealedShelf = (...made: ConstructorParameters<typeof SealedShelf>): Shelf =>
  new SealedShelf(...made);

/**
 * Entries in a table, which shows nothing of them: the partition is a MAC of the place under the caller's key, the
 * content is sealed with that key for its place and name. Whoever presents another key, or has another name, looks
 * elsewhere, and could open nothing of it.
 */
class SealedShelf implements Shelf {
  readonly #table: KeepingTable;
  readonly #owner: StoringCaller;
  readonly #now: () => number;
  readonly #report: StoredDeps['report'];

  constructor(table: KeepingTable, owner: StoringCaller, now: () => number, report: StoredDeps['report']) {
    this.#table = table;
    this.#owner = owner;
    this.#now = now;
    this.#report = report;
  }

  async read(place: string, budget: ByteBudget, only?: string): Promise<ReadonlyMap<string, JsonObject>> {
    const entries = new Map<string, JsonObject>();
    for (const [name, parts] of byName(await this.#items(place, only))) {
      const content = this.#opened(place, name, parts, budget);
      if (content) entries.set(name, content);
    }
    return entries;
  }

  async write(place: string, name: string, content: JsonObject, expiresAt: number): Promise<void> {
    const packed = pack(content, bounds.bytes);
    if (!packed) throw new RangeError(`it has more than ${bounds.bytes} bytes`);
    const sealed = Buffer.from(seal(packed, this.#owner.stateKey, this.#purpose(place, name)), 'base64url');
    const count = Math.ceil(sealed.length / partBytes);
    await Promise.all(
      Array.from({ length: count }, (_, part) =>
        this.#table.put({
          ...keyOf(this.#partition(place), `${name}#${String(part).padStart(2, '0')}`),
          data: { B: sealed.subarray(part * partBytes, (part + 1) * partBytes).toString('base64') },
          parts: { N: String(count) },
          expiresAt: { N: String(expiresAt) },
        }),
      ),
    );
  }

  async clear(place: string): Promise<void> {
    const items = await this.#items(place);
    const keys = items.map((item) => keyOf(textIn(item, 'pk'), textIn(item, 'sk')));
    await this.#asked(Promise.all(keys.map((key) => this.#table.delete(key))));
  }

  /** DynamoDB takes days to delete what has expired. */
  async #items(place: string, only?: string): Promise<Item[]> {
    const prefix = only === undefined ? {} : { prefix: `${only}#` };
    const items = await this.#asked(
      this.#table.query({ pk: this.#partition(place), ...prefix, consistent: true }),
    );
    return items.filter((item) => (numberOf(item, 'expiresAt') ?? 0) * 1000 > this.#now());
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#report('store: the table does not answer', error);
      throw storeUnavailable(error);
    }
  }

  #opened(place: string, name: string, parts: Item[], budget: ByteBudget): JsonObject | undefined {
    const data = parts.map((part) => bytesIn(part, 'data'));
    const sealed = Buffer.concat(data).toString('base64url');
    const packed = open(sealed, this.#owner.stateKey, this.#purpose(place, name));
    const content = packed && unpack(packed, budget, bounds.bytes);
    return isObject(content) ? (content as JsonObject) : undefined;
  }

  #partition(place: string): string {
    const { stateKey, name } = this.#owner;
    const mac = createHmac('sha256', stateKey.subarray(32)).update(
      JSON.stringify(['stored place 1', name, place]),
    );
    return `STORE#${mac.digest('base64url')}`;
  }

  #purpose = (place: string, name: string) =>
    JSON.stringify(['stored entry 1', this.#owner.name, place, name]);
}

/** Entries of which every part is there: one that is being written, or was cut off, is not there yet. */
function byName(items: readonly Item[]): [string, Item[]][] {
  const groups = Map.groupBy(items, (item) => textIn(item, 'sk').split('#')[0] ?? '');
  return [...groups].filter(([, parts]) => parts.length === numberOf(parts[0] as Item, 'parts'));
}
