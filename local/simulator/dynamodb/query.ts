import { invalid, notSimulated } from './error.ts';
import { type Condition, readCondition } from './expression/condition.ts';
import { Scope } from './expression/scope.ts';
import { Tokens } from './expression/tokens.ts';
import type { Input } from './input.ts';
import type { Table } from './tables.ts';
import { bytesOf, compare, type Item, type Value } from './value.ts';

/** The most bytes of one page. */
const pageBytes = 1 << 20;

/** One page of a partition. */
export function readQuery(input: Input, table: Table) {
  const { KeyConditionExpression: expression, ExclusiveStartKey, Limit } = input;
  for (const name of ['ProjectionExpression', 'Select'] as const)
    if (input[name] !== undefined) throw notSimulated(`the parameter ${name}`);
  if (expression === undefined)
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  const text = String(expression);
  const scope = new Scope(input, true);
  const condition = readCondition(new Tokens('KeyConditionExpression', text), scope);
  scope.checkUse();
  const found = table
    .partition(partitionOf(text, input, table))
    .filter((item) => (condition as Condition)(item));
  if (input.ScanIndexForward === false) found.reverse();
  const start = ExclusiveStartKey === undefined ? undefined : table.readKey(ExclusiveStartKey);
  return pageOf(start ? found.slice(after(found, start, table)) : found, Number(Limit ?? Infinity), table);
}

/** The value that the partition key is to have: a condition on it by `=` is what every query needs. */
function partitionOf(text: string, input: Input, { keys }: Table): Value {
  const [partition, sort] = keys;
  const names = input.ExpressionAttributeNames ?? {};
  const resolved = text.replace(/#\w+/g, (placeholder) => names[placeholder] ?? placeholder);
  if (/\b(OR|NOT|IN|contains|attribute_\w+)\b|<>/.test(resolved))
    throw invalid('Invalid operator used in KeyConditionExpression');
  const match = new RegExp(`\\b${partition?.name}\\s*=\\s*(:\\w+)`).exec(resolved);
  const value = match && (input.ExpressionAttributeValues?.[match[1] ?? ''] as Value | undefined);
  if (!value) throw invalid(`Query condition missed key schema element: ${partition?.name}`);
  const others = [...resolved.matchAll(/\b([A-Za-z_]\w*)\b/g)]
    .map(([, word = '']) => word)
    .filter((word) => !/^(AND|BETWEEN|begins_with)$/i.test(word) && !text.includes(`:${word}`));
  if (others.some((word) => word !== partition?.name && word !== sort?.name))
    throw invalid('Query key condition not supported');
  return value;
}

function after(items: readonly Item[], start: Item, { keys }: Table): number {
  const sort = keys[1]?.name;
  if (sort === undefined) return items.length;
  const at = items.findIndex((item) => (compare(item[sort] ?? {}, start[sort] ?? {}) ?? 0) > 0);
  return at === -1 ? items.length : at;
}

function pageOf(items: readonly Item[], limit: number, table: Table) {
  const page: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += bytesOf(item);
    if (page.length >= limit || (bytes > pageBytes && page.length > 0)) break;
    page.push(item);
  }
  const last = page.at(-1);
  const isCut = last !== undefined && (page.length < items.length || page.length === limit);
  return {
    Items: page,
    Count: page.length,
    ScannedCount: page.length,
    ...(isCut && { LastEvaluatedKey: table.keyIn(last) }),
  };
}
