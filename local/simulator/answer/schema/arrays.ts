import type { Schema } from '../../converse/request.ts';
import { canonical, itemSchema } from './fits.ts';
import type { Making } from './making.ts';

/** Items that a schema can make it say. */
const mostItems = 1000;
/** How often another item is tried where two must differ. */
const mostVariants = 20;

/** One item where nothing is said, and none deep down: a list with something in it says more than an empty one. */
export function* arraysFor(schema: Schema, making: Making): Generator<unknown[]> {
  const { minItems, maxItems, contains, minContains = 1 } = schema;
  const first = [schema.prefixItems, schema.items].find(Array.isArray)?.length ?? 0;
  const needed = contains === undefined ? 0 : Number(minContains);
  const least = Math.max(Number(minItems ?? 0), needed);
  const usual = Math.max(least, first, making.depth < 2 ? 1 : 0);
  for (const wanted of new Set([usual, least, first + needed])) {
    yield arrayOf(schema, Math.min(wanted, Number(maxItems ?? mostItems), mostItems), first, needed, making);
  }
}

function arrayOf(schema: Schema, count: number, first: number, needed: number, making: Making): unknown[] {
  const seen = new Set<string>();
  const items: unknown[] = [];
  // Where there is no room behind the items that have a place of their own, those have to be what is contained.
  const from = Math.max(0, Math.min(first, count - needed));
  for (let i = 0; i < count && making.budget.left > 0; i += 1) {
    const own = itemSchema(schema, i);
    if (own === false) break;
    const containing = i >= from && i < from + needed;
    const item = containing ? { allOf: [own, schema.contains] } : own;
    items.push(itemFor(item, making, schema.uniqueItems === true ? seen : undefined, i));
  }
  return items;
}

/** `seen`: the items before, which this one must differ from. */
function itemFor(schema: unknown, making: Making, seen: Set<string> | undefined, i: number): unknown {
  const inside = { ...making, depth: making.depth + 1 };
  let item = making.make(schema, inside);
  if (!seen) return item;
  for (let n = 0; seen.has(canonical(item)) && n < mostVariants; n += 1) {
    item = making.make(schema, { ...inside, nth: making.nth + i + n });
  }
  seen.add(canonical(item));
  return item;
}
