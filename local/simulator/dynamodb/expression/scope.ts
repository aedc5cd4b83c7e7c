import { invalid, notSimulated } from '../error.ts';
import { isReserved } from '../reserved-words.ts';
import { readValue, type Value } from '../value.ts';
import type { Tokens } from './tokens.ts';

interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

/** The placeholders of a request. Each that is given has to be used, and each that is used given. */
export class Scope {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #used = new Set<string>();

  constructor(given: Placeholders, hasExpression: boolean) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = given;
    for (const [what, map] of Object.entries({
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    })) {
      if (map === undefined || map === null) continue;
      if (!hasExpression) throw invalid(`${what} can only be specified when using expressions`);
      if (Object.keys(map).length === 0) throw invalid(`${what} must not be empty`);
    }
    for (const key of Object.keys(names ?? {}))
      if (!/^#\w+$/.test(key))
        throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    for (const key of Object.keys(values ?? {}))
      if (!/^:\w+$/.test(key))
        throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    this.#names = new Map(Object.entries(names ?? {}));
    this.#values = new Map(
      Object.entries(values ?? {}).map(([name, value]) => [name, readGiven(name, value)]),
    );
  }

  /** The next token as the name of an attribute. */
  name(tokens: Tokens): string {
    const word = tokens.peek ?? '';
    if (!/^[A-Za-z_#]/.test(word)) throw tokens.unexpected();
    tokens.take();
    if (tokens.peek === '.' || tokens.peek === '[') throw notSimulated('paths into maps and lists');
    if (!word.startsWith('#')) {
      if (isReserved(word))
        throw tokens.invalid(`Attribute name is a reserved keyword; reserved keyword: ${word}`);
      return word;
    }
    const name = this.#names.get(word);
    if (name === undefined)
      throw tokens.invalid(
        `An expression attribute name used in the document path is not defined; attribute name: ${word}`,
      );
    this.#used.add(word);
    return name;
  }

  /** The next token as the placeholder of a value. */
  value(tokens: Tokens): Value {
    const word = tokens.take();
    const value = this.#values.get(word);
    if (!value)
      throw tokens.invalid(
        `An expression attribute value used in expression is not defined; attribute value: ${word}`,
      );
    this.#used.add(word);
    return value;
  }

  /** To be called when every expression has been read. */
  checkUse(): void {
    const unused = (keys: Iterable<string>) => [...keys].filter((key) => !this.#used.has(key));
    const [names, values] = [unused(this.#names.keys()), unused(this.#values.keys())];
    if (values.length > 0)
      throw invalid(
        `Value provided in ExpressionAttributeValues unused in expressions: keys: {${values.join(', ')}}`,
      );
    if (names.length > 0)
      throw invalid(
        `Value provided in ExpressionAttributeNames unused in expressions: keys: {${names.join(', ')}}`,
      );
  }
}

function readGiven(name: string, value: unknown): Value {
  try {
    return readValue(value);
  } catch (error) {
    throw invalid(
      `ExpressionAttributeValues contains invalid value: ${(error as Error).message} for key ${name}`,
    );
  }
}
