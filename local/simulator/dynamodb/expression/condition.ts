import { compare, contentOf, type Item, isSame, longNames, sizeOf, typeOf, type Value } from '../value.ts';
import type { Scope } from './scope.ts';
import type { Tokens } from './tokens.ts';

export type Condition = (item: Item) => boolean;
type Operand = (item: Item) => Value | undefined;

/** A condition expression, whole. */
export function readCondition(tokens: Tokens, scope: Scope): Condition {
  const condition = readOr(tokens, scope);
  tokens.end();
  return condition;
}

function readOr(tokens: Tokens, scope: Scope): Condition {
  const parts = [readAnd(tokens, scope)];
  while (tokens.takes('OR')) parts.push(readAnd(tokens, scope));
  return (item) => parts.some((part) => part(item));
}

function readAnd(tokens: Tokens, scope: Scope): Condition {
  const parts = [readNot(tokens, scope)];
  while (tokens.takes('AND')) parts.push(readNot(tokens, scope));
  return (item) => parts.every((part) => part(item));
}

function readNot(tokens: Tokens, scope: Scope): Condition {
  if (tokens.takes('NOT')) {
    const inner = readNot(tokens, scope);
    return (item) => !inner(item);
  }
  if (tokens.takes('(')) {
    const inner = readOr(tokens, scope);
    tokens.expect(')');
    return inner;
  }
  const isCall = tokens.following === '(' && tokens.peek !== 'size';
  return isCall ? readFunction(tokens, scope) : readComparison(tokens, scope);
}

const functions: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};

function readFunction(tokens: Tokens, scope: Scope): Condition {
  const name = tokens.take();
  const wanted = functions[name];
  if (wanted === undefined) throw tokens.invalid(`Invalid function name; function: ${name}`);
  tokens.expect('(');
  const operands = [readOperand(tokens, scope)];
  while (tokens.takes(',')) operands.push(readOperand(tokens, scope));
  tokens.expect(')');
  if (operands.length !== wanted)
    throw tokens.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  const [first, second] = operands as [Operand, Operand];
  switch (name) {
    case 'attribute_exists':
      return (item) => first(item) !== undefined;
    case 'attribute_not_exists':
      return (item) => first(item) === undefined;
    case 'attribute_type':
      return (item) => typeOf(first(item) ?? {}) === contentOf(second(item) ?? {});
    case 'begins_with':
      return (item) => beginsWith(first(item), second(item));
    default:
      return (item) => contains(first(item), second(item));
  }
}

function beginsWith(value: Value | undefined, start: Value | undefined): boolean {
  if (!value || !start || typeOf(value) !== 'S' || typeOf(start) !== 'S') return false;
  return String(contentOf(value)).startsWith(String(contentOf(start)));
}

function contains(value: Value | undefined, part: Value | undefined): boolean {
  if (!value || !part) return false;
  const [content, wanted] = [contentOf(value), contentOf(part)];
  if (typeOf(value) === 'L') return (content as Value[]).some((each) => isSame(each, part));
  if (typeOf(value) === 'S') return typeOf(part) === 'S' && String(content).includes(String(wanted));
  return typeOf(value) === `${typeOf(part)}S` && (content as unknown[]).includes(wanted);
}

function readComparison(tokens: Tokens, scope: Scope): Condition {
  const left = readOperand(tokens, scope);
  if (tokens.takes('BETWEEN')) {
    const low = readOperand(tokens, scope);
    tokens.expect('AND');
    const high = readOperand(tokens, scope);
    return (item) => holds('>=', left(item), low(item)) && holds('<=', left(item), high(item));
  }
  if (tokens.takes('IN')) {
    tokens.expect('(');
    const members = [readOperand(tokens, scope)];
    while (tokens.takes(',')) members.push(readOperand(tokens, scope));
    tokens.expect(')');
    return (item) => members.some((member) => holds('=', left(item), member(item)));
  }
  const operator = tokens.peek ?? '';
  if (!['=', '<>', '<', '<=', '>', '>='].includes(operator)) throw tokens.unexpected();
  tokens.take();
  const right = readOperand(tokens, scope, operator);
  return (item) => holds(operator, left(item), right(item));
}

/** What is not there compares with nothing, and is different from everything. */
function holds(operator: string, left: Value | undefined, right: Value | undefined): boolean {
  if (operator === '<>') return !left || !right || !isSame(left, right);
  if (!left || !right) return false;
  if (operator === '=') return isSame(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

const ordered: ReadonlySet<string> = new Set(['S', 'N', 'B']);

function readOperand(tokens: Tokens, scope: Scope, operator?: string): Operand {
  if (tokens.peek?.startsWith(':')) {
    const value = scope.value(tokens);
    if (operator && /[<>]/.test(operator) && operator !== '<>' && !ordered.has(typeOf(value)))
      throw tokens.invalid(
        `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${longNames[typeOf(value)]}`,
      );
    return () => value;
  }
  if (tokens.peek === 'size' && tokens.following === '(') {
    tokens.take();
    tokens.expect('(');
    const inner = readOperand(tokens, scope);
    tokens.expect(')');
    return (item) => {
      const size = sizeOf(inner(item) ?? {});
      return size === undefined ? undefined : { N: String(size) };
    };
  }
  const name = scope.name(tokens);
  return (item) => item[name];
}
