import { conditionFailed, invalid, invalidValue, notSimulated } from './error.ts';
import { type Condition, readCondition } from './expression/condition.ts';
import { Scope } from './expression/scope.ts';
import { Tokens } from './expression/tokens.ts';
import { type ItemUpdate, readUpdate } from './expression/update.ts';
import { checkInput, type Input } from './input.ts';
import { readQuery } from './query.ts';
import type { Table, Tables } from './tables.ts';
import { type Item, readItem } from './value.ts';

export type Operation = (input: Input, tables: Tables) => Record<string, unknown>;

/** By the second part of `X-Amz-Target`. Each is done in one piece: JavaScript runs one at a time. */
export const operations: Readonly<Record<string, Operation>> = {
  GetItem(input, tables) {
    checkInput(input, 'GetItem');
    const table = tables.find(input.TableName);
    if (input.ProjectionExpression !== undefined) throw notSimulated('projections');
    const item = table.get(table.readKey(input.Key));
    return item ? { Item: item } : {};
  },

  PutItem(input, tables) {
    checkInput(input, 'PutItem');
    const table = tables.find(input.TableName);
    const { condition } = expressionsOf(input);
    const item = readItem(input.Item as Item);
    const before = table.get(table.keyIn(item));
    check(condition, before, input);
    table.put(item, 'Item size');
    return input.ReturnValues === 'ALL_OLD' && before ? { Attributes: before } : {};
  },

  DeleteItem(input, tables) {
    checkInput(input, 'DeleteItem');
    const table = tables.find(input.TableName);
    const { condition } = expressionsOf(input);
    const key = table.readKey(input.Key);
    const before = table.get(key);
    check(condition, before, input);
    table.delete(key);
    return input.ReturnValues === 'ALL_OLD' && before ? { Attributes: before } : {};
  },

  UpdateItem(input, tables) {
    checkInput(input, 'UpdateItem');
    const table = tables.find(input.TableName);
    const { condition, update } = expressionsOf(input);
    const key = table.readKey(input.Key);
    checkKeyIsKept(update, table);
    const before = table.get(key);
    check(condition, before, input);
    const after = { ...(update?.apply(before ?? key) ?? before ?? key), ...key };
    table.put(after, 'Item size to update');
    return returned(input.ReturnValues, before, after, update?.names ?? []);
  },

  Query(input, tables) {
    checkInput(input, 'Query');
    return readQuery(input, tables.find(input.TableName));
  },

  CreateTable: (input, tables) => ({ TableDescription: describe(tables.create(input)) }),
  DescribeTable: (input, tables) => ({ Table: describe(tables.find(input.TableName)) }),
  DeleteTable: (input, tables) => ({ TableDescription: describe(tables.delete(input.TableName)) }),
};

const describe = ({ name, keys }: Table) => ({
  TableName: name,
  TableStatus: 'ACTIVE',
  KeySchema: keys.map(({ name: AttributeName }, index) => ({
    AttributeName,
    KeyType: index === 0 ? 'HASH' : 'RANGE',
  })),
});

function expressionsOf(input: Input): { condition?: Condition; update?: ItemUpdate } {
  const { ConditionExpression: condition, UpdateExpression: update } = input;
  const scope = new Scope(input, condition !== undefined || update !== undefined);
  const read = {
    ...(update !== undefined && {
      update: readUpdate(new Tokens('UpdateExpression', String(update)), scope),
    }),
    ...(condition !== undefined && {
      condition: readCondition(new Tokens('ConditionExpression', String(condition)), scope),
    }),
  };
  scope.checkUse();
  return read;
}

function check(condition: Condition | undefined, before: Item | undefined, input: Input): void {
  if (!condition || condition(before ?? {})) return;
  const wanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  throw conditionFailed(wanted ? before : undefined);
}

function checkKeyIsKept(update: ItemUpdate | undefined, table: Table): void {
  const own = update?.names.find((name) => table.keys.some((key) => key.name === name));
  if (own !== undefined)
    throw invalidValue(`Cannot update attribute ${own}. This attribute is part of the key`);
}

function returned(what: unknown, before: Item | undefined, after: Item, names: readonly string[]) {
  const some = (item: Item) =>
    Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  switch (what ?? 'NONE') {
    case 'NONE':
      return {};
    case 'ALL_NEW':
      return { Attributes: after };
    case 'UPDATED_NEW':
      return filled(some(after));
    case 'ALL_OLD':
      return before ? { Attributes: before } : {};
    case 'UPDATED_OLD':
      return before ? filled(some(before)) : {};
    default:
      throw invalid('ReturnValues set to invalid value');
  }
}

const filled = (attributes: Item) => (Object.keys(attributes).length > 0 ? { Attributes: attributes } : {});
