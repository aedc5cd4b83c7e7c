import { invalid } from '../error.ts';
import { addNumbers } from '../number.ts';
import { contentOf, type Item, longNames, typeOf, type Value } from '../value.ts';
import type { Scope } from './scope.ts';
import type { Tokens } from './tokens.ts';

/** One attribute's new value, made of the item as it was; undefined: it is taken away. */
interface Action {
  name: string;
  after(before: Item): Value | undefined;
}

export interface ItemUpdate {
  /** Names of the attributes that it writes. */
  names: readonly string[];
  apply(before: Item): Item;
}

const sections = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** An update expression, whole: every action sees the item as it was before. */
export function readUpdate(tokens: Tokens, scope: Scope): ItemUpdate {
  const actions: Action[] = [];
  const seen = new Set<string>();
  while (tokens.peek !== undefined) {
    const section = sections.find((word) => tokens.takes(word));
    if (!section) throw tokens.unexpected();
    if (seen.has(section))
      throw tokens.invalid(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    do actions.push(read[section](tokens, scope));
    while (tokens.takes(','));
  }
  const names = actions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw tokens.invalid(
      `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${twice}], path two: [${twice}]`,
    );
  return {
    names,
    apply(before) {
      const after = { ...before };
      for (const { name, after: change } of actions) {
        const value = change(before);
        if (value === undefined) delete after[name];
        else after[name] = value;
      }
      return after;
    },
  };
}

const read: Readonly<Record<(typeof sections)[number], (tokens: Tokens, scope: Scope) => Action>> = {
  SET(tokens, scope) {
    const name = scope.name(tokens);
    tokens.expect('=');
    return { name, after: readSum(tokens, scope) };
  },
  REMOVE: (tokens, scope) => ({ name: scope.name(tokens), after: () => undefined }),
  ADD(tokens, scope) {
    const name = scope.name(tokens);
    const value = operandOf(tokens, scope, 'ADD', ['N', 'SS', 'NS', 'BS']);
    return { name, after: (before) => added(before[name], value) };
  },
  DELETE(tokens, scope) {
    const name = scope.name(tokens);
    const value = operandOf(tokens, scope, 'DELETE', ['SS', 'NS', 'BS']);
    return { name, after: (before) => without(before[name], value) };
  },
};

function operandOf(tokens: Tokens, scope: Scope, operator: string, types: readonly string[]): Value {
  if (!tokens.peek?.startsWith(':')) throw tokens.unexpected();
  const value = scope.value(tokens);
  const type = typeOf(value);
  if (!types.includes(type))
    throw tokens.invalid(
      `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${longNames[type]}, typeset: ALLOWED_FOR_${operator}_OPERAND`,
    );
  return value;
}

type Made = (before: Item) => Value;

function readSum(tokens: Tokens, scope: Scope): Made {
  const left = readPart(tokens, scope);
  const sign = tokens.takes('+') ? 1n : tokens.takes('-') ? -1n : undefined;
  if (sign === undefined) return left;
  const right = readPart(tokens, scope);
  return (before) => {
    const [one, other] = [left(before), right(before)];
    if (typeOf(one) !== 'N' || typeOf(other) !== 'N') throw wrongType();
    return { N: addNumbers(String(contentOf(one)), String(contentOf(other)), sign) };
  };
}

function readPart(tokens: Tokens, scope: Scope): Made {
  if (tokens.peek?.startsWith(':')) {
    const value = scope.value(tokens);
    return () => value;
  }
  if (tokens.following === '(') {
    const word = tokens.take();
    if (word !== 'if_not_exists') throw tokens.invalid(`Invalid function name; function: ${word}`);
    tokens.expect('(');
    const name = scope.name(tokens);
    tokens.expect(',');
    const otherwise = readPart(tokens, scope);
    tokens.expect(')');
    return (before) => before[name] ?? otherwise(before);
  }
  const name = scope.name(tokens);
  return (before) => {
    const value = before[name];
    if (!value)
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    return value;
  };
}

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');

function added(before: Value | undefined, value: Value): Value {
  const type = typeOf(value);
  if (before && typeOf(before) !== type) throw wrongType();
  if (type === 'N')
    return { N: addNumbers(String(before ? contentOf(before) : 0), String(contentOf(value))) };
  const members = new Set([
    ...(((before && contentOf(before)) as string[] | undefined) ?? []),
    ...(contentOf(value) as string[]),
  ]);
  return { [type]: [...members] };
}

/** A set that becomes empty is taken away. */
function without(before: Value | undefined, value: Value): Value | undefined {
  if (!before) return undefined;
  const type = typeOf(value);
  if (typeOf(before) !== type) throw wrongType();
  const gone = new Set(contentOf(value) as string[]);
  const left = (contentOf(before) as string[]).filter((member) => !gone.has(member));
  return left.length > 0 ? { [type]: left } : undefined;
}
