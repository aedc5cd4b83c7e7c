/** What items are made of: the kinds of DynamoDB's attribute values that the gateway uses. Numbers are decimal texts. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly SS: readonly string[] }
  /** Bytes, as base64. */
  | { readonly B: string };
export type Item = Readonly<Record<string, Attribute>>;

/** Where an item is: the table has these two and nothing else as its key. */
export interface Key {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}

export const keyOf = (pk: string, sk: string): Key => ({ pk: { S: pk }, sk: { S: sk } });

/** A change of one item, in DynamoDB's expressions; values have a colon before their name, names a `#`. */
export interface Update {
  readonly key: Key;
  readonly expression: string;
  /** Without it the change is made whatever the item is like. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, Attribute>>;
}

/** `item`: as it is after the change, or, where the condition did not hold, as it was; absent: there is none. */
export type Updated = { done: true; item: Item } | { done: false; item: Item | undefined };

export interface Query {
  readonly pk: string;
  /** Of the sort keys; absent: all. */
  readonly prefix?: string;
  /** As it is after every write that has been answered; else what was written in the last second may be missing. */
  readonly consistent?: true;
}

/** Attributes as they are read; absent: 0, '' or none. */
export const numberOf = (item: Item, name: string): number | undefined => {
  const text = digitsOf(item, name);
  return text === undefined ? undefined : Number(text);
};
/** Exact, for money. */
export const bigOf = (item: Item, name: string): bigint => BigInt(digitsOf(item, name) ?? '0');
export const textsIn = (item: Item, name: string): readonly string[] => {
  const value = item[name];
  return value && 'SS' in value ? value.SS : [];
};

export const textIn = (item: Item, name: string): string => {
  const value = item[name];
  return value && 'S' in value ? value.S : '';
};
export const bytesIn = (item: Item, name: string): Buffer => {
  const value = item[name];
  return Buffer.from(value && 'B' in value ? value.B : '', 'base64');
};

function digitsOf(item: Item, name: string): string | undefined {
  const value = item[name];
  return value && 'N' in value ? value.N : undefined;
}
