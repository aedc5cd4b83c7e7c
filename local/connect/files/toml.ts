import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { type At, DamagedFile, type Format, isObject, type Json, UneditableFile } from './format.ts';
import { isBlank, lineEnd, lineStart, splice, withLineBreak } from './text.ts';

/**
 * TOML: values at the top level, and tables of values with a heading of their own. toml-eslint-parser finds the places;
 * no writer of TOML keeps comments and spaces.
 */
export const toml: Format = {
  read: (text) => getStaticTOMLValue(parsed(text)) as Json,

  set(text, at, value) {
    const top = parsed(text).body[0];
    if (isObject(value)) {
      const table = tableAt(top, at);
      if (table) return splice(text, table.range[0], endOf(table), heading(at, value));
      const before = withLineBreak(text);
      return `${before}${before === '' ? '' : '\n'}${heading(at, value)}\n`;
    }
    const key = keyAt(at);
    const pair = pairAt(top, key);
    if (pair) return splice(text, pair.value.range[0], pair.value.range[1], literal(value));
    return insertPair(text, top, `${key} = ${literal(value)}\n`);
  },

  remove(text, at) {
    const top = parsed(text).body[0];
    const table = tableAt(top, at) ?? onlyTableBelow(top, at);
    if (table) return takeOutTable(text, table);
    const pair = pairAt(top, keyAt(at));
    if (!pair) throw new UneditableFile(`${at.join('.')} is not written as a table or a value of its own`);
    const [from, to] = [lineStart(text, pair.range[0]), lineEnd(text, pair.range[1])];
    // The blank line that parted it from the tables goes with the last value of the file's beginning.
    const parted = from === 0 && top.body.length > 1 && isFirstTableAfter(top, pair) && text[to] === '\n';
    return splice(text, from, parted ? to + 1 : to, '');
  },

  range(text, at) {
    const top = parsed(text).body[0];
    const table = tableAt(top, at);
    if (table) return [table.range[0], endOf(table)];
    return at.length === 1 ? pairAt(top, keyAt(at))?.value.range : undefined;
  },
};

type Top = AST.TOMLTopLevelTable;

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (error instanceof ParseError) throw new DamagedFile(error.lineNumber, `no TOML: ${error.message}`);
    throw error;
  }
}

const tableAt = (top: Top, at: At): AST.TOMLTable | undefined =>
  top.body.find(
    (node): node is AST.TOMLTable =>
      node.type === 'TOMLTable' &&
      node.kind === 'standard' &&
      JSON.stringify(node.resolvedKey) === JSON.stringify(at),
  );

/** The table that alone makes a place: `[a.b]` makes `a` too. */
function onlyTableBelow(top: Top, at: At): AST.TOMLTable | undefined {
  const below = top.body.filter(
    (node): node is AST.TOMLTable =>
      node.type === 'TOMLTable' && at.every((step, i) => node.resolvedKey[i] === step),
  );
  return below.length === 1 ? below[0] : undefined;
}

/** A pair of the top level whose key is this one name. */
const pairAt = (top: Top, name: string): AST.TOMLKeyValue | undefined =>
  top.body.find(
    (node): node is AST.TOMLKeyValue =>
      node.type === 'TOMLKeyValue' &&
      node.key.keys.length === 1 &&
      getStaticTOMLValue(node.key).join('') === name,
  );

const isFirstTableAfter = (top: Top, pair: AST.TOMLKeyValue) =>
  top.body[top.body.indexOf(pair) + 1]?.type === 'TOMLTable';

function keyAt(at: At): string {
  const [name, ...more] = at;
  if (typeof name === 'string' && more.length === 0) return name;
  throw new UneditableFile(`${at.join('.')}: values are written at the top level only`);
}

/** Behind the other values; before the first table and the comment that belongs to it, where there are none. */
function insertPair(text: string, top: Top, line: string): string {
  const pairs = top.body.filter((node) => node.type === 'TOMLKeyValue');
  const last = pairs.at(-1);
  if (last) {
    const end = lineEnd(text, last.range[1]);
    return withLineBreak(text.slice(0, end)) + line + text.slice(end);
  }
  const [table] = top.body;
  if (!table) return withLineBreak(text) + line;
  return `${line}\n${text}`;
}

/** Behind the last value of a table; a comment on the same line stays behind it. */
const endOf = (table: AST.TOMLTable): number => table.body.at(-1)?.range[1] ?? table.range[1];

/** With its lines, and the blank line before it. */
function takeOutTable(text: string, table: AST.TOMLTable): string {
  const from = lineStart(text, table.range[0]);
  const before = from > 0 ? lineStart(text, from - 1) : 0;
  const blank = from > 0 && isBlank(text.slice(before, from)) ? before : from;
  return splice(text, blank, lineEnd(text, endOf(table)), '');
}

const heading = (at: At, value: { [name: string]: Json }): string =>
  [
    `[${at.map((step) => bareOrQuoted(String(step))).join('.')}]`,
    ...Object.entries(value).map(([name, each]) => `${bareOrQuoted(name)} = ${literal(each)}`),
  ].join('\n');

const bareOrQuoted = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

/** A basic string of TOML has the escapes of JSON (https://toml.io/en/v1.0.0#string). */
function literal(value: Json): string {
  if (typeof value === 'object') throw new UneditableFile('only texts, numbers and truth values are written');
  return JSON.stringify(value);
}
