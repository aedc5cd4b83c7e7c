import { badRequest, type ErrorCode, type GatewayError } from '../errors.ts';
import type { Note } from '../fields.ts';
import { isStage, type StageName, techniqueNames } from '../settings/techniques.ts';

/** One technique with its parameters, as they were written. */
export interface Stage {
  kind: 'stage';
  name: StageName;
  params: readonly { name: string; text: string }[];
}

/** `all`: one after the other (`&`). `any`: side by side (`|`). Neither has fewer than two parts or one of its own kind. */
export type Expression = Stage | { kind: 'all' | 'any'; parts: readonly Expression[] };

/** What one request may ask for. */
const maxNames = 8;
const maxLevels = 4;

/**
 * Reads `privacy&(bon(n=5)|re2)`; `&` binds tighter than `|`. Throws a 400 that says what is wrong and where. `param`:
 * where the expression stands in the request.
 */
export function parseExpression(text: string, param: Note): Expression {
  const reader = new Reader(text, param);
  const expression = reader.any(0);
  reader.end();
  return expression;
}

/** The canonical form: without spaces and needless parentheses, the parameters as they were given. */
export function renderExpression(expression: Expression): string {
  if (expression.kind === 'stage') {
    const params = expression.params.map(({ name, text }) => `${name}=${text}`).join(',');
    return params === '' ? expression.name : `${expression.name}(${params})`;
  }
  if (expression.kind === 'any') return expression.parts.map(renderExpression).join('|');
  return expression.parts
    .map((part) => (part.kind === 'any' ? `(${renderExpression(part)})` : renderExpression(part)))
    .join('&');
}

/** Every technique of an expression, from left to right. */
export function stagesOf(expression: Expression): Stage[] {
  return expression.kind === 'stage' ? [expression] : expression.parts.flatMap(stagesOf);
}

/** The branches of an expression in their order: `(a|b)&c` is `a&c` and `b&c`, `a&(b|c)` is `a&b` and `a&c`. */
export function branchesOf(expression: Expression): Stage[][] {
  if (expression.kind === 'stage') return [[expression]];
  const parts = expression.parts.map(branchesOf);
  if (expression.kind === 'any') return parts.flat();
  return parts.reduce((heads, tails) => heads.flatMap((head) => tails.map((tail) => [...head, ...tail])));
}

/** The expression with each stage for which `stays` is false taken out: in `&` it is not there, in `|` it is `none`. */
export function without(expression: Expression, stays: (stage: Stage) => boolean): Expression {
  if (expression.kind === 'stage') return stays(expression) ? expression : none;
  const parts = expression.parts.map((part) => without(part, stays));
  if (expression.kind === 'any') return joined('any', parts);
  const left = parts.filter((part, i) => part !== none || expression.parts[i] === none);
  return left.length === 0 ? none : joined('all', left);
}

export const none: Stage = { kind: 'stage', name: 'none', params: [] };

function joined(kind: 'all' | 'any', parts: readonly Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return only && flat.length === 1 ? only : { kind, parts: flat };
}

class Reader {
  readonly #text: string;
  readonly #param: Note;
  #at = 0;
  #names = 0;

  constructor(text: string, param: Note) {
    this.#text = text;
    this.#param = param;
  }

  any(level: number): Expression {
    const parts = [this.#all(level)];
    while (this.#take('|')) parts.push(this.#all(level));
    return joined('any', parts);
  }

  end(): void {
    if (this.#at >= this.#text.length) return;
    const what =
      this.#text[this.#at] === ')' ? 'a parenthesis is closed that was not opened' : 'an operator is missing';
    throw this.#invalid(what);
  }

  #all(level: number): Expression {
    const parts = [this.#atom(level)];
    while (this.#take('&')) parts.push(this.#atom(level));
    return joined('all', parts);
  }

  #atom(level: number): Expression {
    if (!this.#take('(')) return this.#stage();
    if (level >= maxLevels) throw this.#invalid(`parentheses may stand ${maxLevels} deep`);
    const expression = this.any(level + 1);
    if (!this.#take(')')) throw this.#invalid('a parenthesis is not closed');
    return expression;
  }

  #stage(): Stage {
    this.#skip();
    const begin = this.#at;
    const name = this.#match(/[^\s&|()=,]+/y);
    if (name === '') throw this.#invalid('the name of a technique is missing');
    if (!isStage(name)) throw unknownTechnique(name, this.#param);
    this.#names += 1;
    if (this.#names > maxNames) throw this.#invalid(`it has more than ${maxNames} names`, begin);
    this.#skip();
    return { kind: 'stage', name, params: this.#take('(') ? this.#params() : [] };
  }

  #params(): Stage['params'] {
    const params: { name: string; text: string }[] = [];
    do {
      this.#skip();
      const name = this.#match(/[a-z_]+/y);
      if (name === '') throw this.#invalid('the name of a parameter is missing');
      if (!this.#take('=')) throw this.#invalid('a parameter is written name=number');
      this.#skip();
      const text = this.#match(/-?\d+(?:\.\d+)?/y);
      if (text === '') throw this.#invalid('a parameter is written name=number');
      if (params.some((param) => param.name === name)) throw this.#invalid(`\`${name}\` is given twice`);
      params.push({ name, text });
    } while (this.#take(','));
    if (!this.#take(')')) throw this.#invalid('a parenthesis is not closed');
    return params;
  }

  #take(character: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    this.#skip();
    return true;
  }

  #skip(): void {
    this.#match(/\s*/y);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #invalid(what: string, at = this.#at): GatewayError {
    const shown = JSON.stringify(this.#text.slice(0, 100));
    return invalidTechnique(
      `The technique ${shown} has a mistake at character ${at + 1}: ${what}.`,
      this.#param,
    );
  }
}

export const invalidTechnique = (message: string, param: Note): GatewayError =>
  badRequest(message, param, 'invalid_technique' satisfies ErrorCode);

function unknownTechnique(name: string, param: Note): GatewayError {
  return badRequest(
    `There is no technique \`${name.slice(0, 60)}\`. There are ${[...techniqueNames, 'none'].join(', ')}.`,
    param,
    'unknown_technique',
  );
}
