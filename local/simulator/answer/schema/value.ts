import type { Schema } from '../../converse/request.ts';
import { arraysFor } from './arrays.ts';
import { fits } from './fits.ts';
import type { Choices, Making, Place } from './making.ts';
import { flatten, merge } from './merge.ts';
import { numbersFor } from './numbers.ts';
import { objectsFor } from './objects.ts';
import { textsOf } from './texts.ts';

/** Below this only the simplest alternative of a choice is taken, so that a schema that contains itself ends. */
const shallow = 6;
const deepest = 24;
/** Parts of a value that are made for one schema, all that is tried included. */
const mostParts = 5000;

/**
 * A value that fits a JSON schema, always the same for the same schema and choices; as near as can be where
 * nothing fits. Throws BedrockError for a schema that is none.
 */
export function valueFor(schema: Schema, choices: Choices): unknown {
  const budget = { left: mostParts };
  return make(schema, { root: schema, choices, place: {}, depth: 0, nth: 0, budget, make });
}

/** The first candidate that fits all that the schema says; the first at all when none does. */
function make(schema: unknown, making: Making): unknown {
  making.budget.left -= 1;
  const flat = flatten(schema, making.root);
  if (!flat || making.depth > deepest || making.budget.left < 0) return null;
  let first: { value: unknown } | undefined;
  for (const value of candidates(flat, making)) {
    if (fits(value, schema, making.root)) return value;
    first ??= { value };
    if (making.budget.left <= 0) break;
  }
  return first ? first.value : null;
}

function* candidates(flat: Schema, making: Making): Generator<unknown> {
  if ('const' in flat) yield flat.const;
  if (Array.isArray(flat.enum)) {
    yield* byWeight([...flat.enum.slice(making.nth), ...flat.enum], making);
    return;
  }
  if (flat.default !== undefined && making.nth === 0) yield flat.default;
  const { anyOf, oneOf, ...rest } = flat;
  const choice = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(choice)) {
    const other = Array.isArray(anyOf) && oneOf !== undefined ? { oneOf } : {};
    for (const branch of inOrder(choice, making)) {
      const part = flatten(branch, making.root);
      if (part) yield make(merge({ ...rest, ...other }, part), { ...making, depth: making.depth + 1 });
    }
    return;
  }
  for (const type of typesOf(flat)) yield* ofType(type, flat, making);
}

function byWeight(values: readonly unknown[], { choices, place, nth }: Making): unknown[] {
  const { weigh } = choices;
  return weigh && nth === 0 ? [...values].sort((a, b) => weigh(b, place) - weigh(a, place)) : [...values];
}

/** Deep down the simplest alternative comes first. */
function inOrder(branches: readonly unknown[], { depth, root }: Making): unknown[] {
  if (depth <= shallow) return [...branches];
  const weight = (branch: unknown) => {
    const flat = flatten(branch, root);
    const [type = 'object'] = flat ? typesOf(flat) : [];
    return ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'].indexOf(String(type));
  };
  return [...branches].sort((a, b) => weight(a) - weight(b));
}

const objectWords = ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'];
const arrayWords = ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'];
const numberWords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const everyType = ['string', 'number', 'object', 'array', 'boolean', 'null'];

/** The types it may have: as it says, or as its other words suggest. */
function typesOf(schema: Schema): unknown[] {
  if (schema.type !== undefined) {
    const types = [schema.type].flat();
    return [...types.filter((type) => type !== 'null'), ...types.filter((type) => type === 'null')];
  }
  const says = (words: readonly string[]) => words.some((word) => schema[word] !== undefined);
  const likely = says(objectWords)
    ? 'object'
    : says(arrayWords)
      ? 'array'
      : says(numberWords)
        ? 'number'
        : 'string';
  return [likely, ...everyType.filter((type) => type !== likely)];
}

function* ofType(type: unknown, schema: Schema, making: Making): Generator<unknown> {
  switch (type) {
    case 'object':
      return yield* objectsFor(schema, making);
    case 'array':
      return yield* arraysFor(schema, making);
    case 'integer':
    case 'number':
      return yield* numbersFor(schema, type === 'integer', making.nth);
    case 'boolean':
      return yield* byWeight(making.nth % 2 === 0 ? [true, false] : [false, true], making);
    case 'null':
      return yield null;
    default:
      return yield* textsOf(schema, making.choices.word(placeOf(schema, making)), making.nth);
  }
}

const placeOf = ({ description, title }: Schema, { place }: Making): Place => {
  const said = description ?? title;
  return typeof said === 'string' ? { ...place, description: said } : place;
};
