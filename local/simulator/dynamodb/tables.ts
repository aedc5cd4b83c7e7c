import { invalid, invalidValue, noTable, notSimulated, tableInUse } from './error.ts';
import { canonicalNumber } from './number.ts';
import { bytesOf, compare, contentOf, type Item, longNames, readValue, typeOf, type Value } from './value.ts';

interface KeyElement {
  name: string;
  type: string;
}

/** The most bytes of an item. */
const mostBytes = 400 * 1024;

/** One table, in memory: its items by their keys. */
export class Table {
  readonly name: string;
  /** The partition key, and the sort key where there is one. */
  readonly keys: readonly KeyElement[];
  readonly #items = new Map<string, Item>();

  constructor(name: string, keys: readonly KeyElement[]) {
    this.name = name;
    this.keys = keys;
  }

  /** The `Key` of a request: exactly the key's attributes, of their types. */
  readKey(given: unknown): Item {
    const key = Object(given) as Record<string, unknown>;
    const read = Object.fromEntries(Object.entries(key).map(([name, value]) => [name, readValue(value)]));
    const fits =
      Object.keys(read).length === this.keys.length &&
      this.keys.every(({ name, type }) => read[name] && typeOf(read[name]) === type);
    if (!fits) throw invalid('The provided key element does not match the schema');
    this.#checkKeys(read);
    return read;
  }

  /** The key of a whole item. */
  keyIn(item: Item): Item {
    for (const { name, type } of this.keys) {
      const value = item[name];
      if (!value) throw invalidValue(`Missing the key ${name} in the item`);
      if (typeOf(value) !== type)
        throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
    const key = Object.fromEntries(this.keys.map(({ name }) => [name, item[name] as Value]));
    this.#checkKeys(key);
    return key;
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.#place(key));
  }

  /** `what`: the beginning of what is said of an item that is too large. */
  put(item: Item, what: string): void {
    if (bytesOf(item) > mostBytes) throw invalid(`${what} has exceeded the maximum allowed size`);
    this.#items.set(this.#place(this.keyIn(item)), item);
  }

  delete(key: Item): void {
    this.#items.delete(this.#place(key));
  }

  /** The items of a partition, in the order of their sort keys. */
  partition(value: Value): Item[] {
    const [partition, sort] = this.keys;
    const items = [...this.#items.values()].filter(
      (item) => partition && compare(item[partition.name] ?? {}, value) === 0,
    );
    return sort
      ? items.sort((one, other) => compare(one[sort.name] ?? {}, other[sort.name] ?? {}) ?? 0)
      : items;
  }

  items(): Item[] {
    return [...this.#items.values()];
  }

  #checkKeys(key: Item): void {
    for (const [index, { name }] of this.keys.entries()) {
      const content = String(contentOf(key[name] ?? {}));
      if (content === '')
        throw invalid(
          `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
        );
      const most = index === 0 ? 2048 : 1024;
      if (Buffer.byteLength(content) > most)
        throw invalidValue(
          `Size of ${index === 0 ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of${most} bytes`,
        );
    }
  }

  #place(key: Item): string {
    return JSON.stringify(
      this.keys.map(({ name, type }) => {
        const content = contentOf(key[name] ?? {});
        return type === 'N' ? canonicalNumber(content) : content;
      }),
    );
  }
}

/** The tables of an account in one region. */
export class Tables {
  readonly #tables = new Map<string, Table>();

  /** By its name or its ARN. */
  find(name: unknown): Table {
    const table = this.#tables.get(String(name).replace(/^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\//, ''));
    if (!table) throw noTable();
    return table;
  }

  create(input: Record<string, unknown>): Table {
    const { TableName, KeySchema, AttributeDefinitions } = input;
    const schema = KeySchema as { AttributeName: string; KeyType: string }[];
    const definitions = AttributeDefinitions as { AttributeName: string; AttributeType: string }[];
    if (input.GlobalSecondaryIndexes || input.LocalSecondaryIndexes) throw notSimulated('indexes');
    const name = String(TableName);
    if (this.#tables.has(name)) throw tableInUse(name);
    const keys = ['HASH', 'RANGE'].flatMap((kind) => {
      const element = schema.find(({ KeyType }) => KeyType === kind);
      if (!element) return [];
      const type = definitions.find((each) => each.AttributeName === element.AttributeName)?.AttributeType;
      if (type === undefined || !(type in longNames))
        throw invalidValue(
          `Some index key attributes are not defined in AttributeDefinitions. Keys: [${element.AttributeName}]`,
        );
      return [{ name: element.AttributeName, type }];
    });
    const table = new Table(name, keys);
    this.#tables.set(name, table);
    return table;
  }

  delete(name: unknown): Table {
    const table = this.find(name);
    this.#tables.delete(table.name);
    return table;
  }

  clear(): void {
    this.#tables.clear();
  }
}
