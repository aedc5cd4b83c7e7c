import { type At, type Format, isObject, type Json, UneditableFile } from './format.ts';
import { lineEnd, splice, withLineBreak } from './text.ts';

/** How a line of a file sets an environment variable. */
export interface LineSyntax {
  /** Matches such a line of a variable; the first group is what is before the value, the second the value. */
  match(name: string): RegExp;
  /** What a new line has before the value. */
  before(name: string): string;
  /** A value as it is written. Throws UneditableFile. */
  write(value: string): string;
  /** From a value as it is written. */
  value(written: string): string;
}

/** A file of lines, of which some set variables: `.env`, and what a shell reads when it starts. */
export function linesFormat(syntax: LineSyntax): Format {
  /** The last line counts, as for whoever reads it. */
  const find = (text: string, name: string) =>
    [...text.matchAll(new RegExp(syntax.match(name).source, 'gm'))].at(-1);
  return {
    read(text) {
      const names = [...text.matchAll(/[A-Z][A-Z0-9_]{3,}/g)].map(([name]) => name);
      const lines = [...new Set(names)].flatMap((name): [string, Json][] => {
        const line = find(text, name);
        return line ? [[name, syntax.value(line[2] ?? '')]] : [];
      });
      return Object.fromEntries(lines);
    },
    set(text, at, value) {
      const name = nameIn(at);
      if (isObject(value) || Array.isArray(value)) throw new UneditableFile('a variable has a text');
      const put = syntax.write(String(value));
      const range = rangeOf(find(text, name));
      return range ? splice(text, ...range, put) : `${withLineBreak(text)}${syntax.before(name)}${put}\n`;
    },
    remove(text, at) {
      const line = find(text, nameIn(at));
      return line ? splice(text, line.index, lineEnd(text, line.index), '') : text;
    },
    range: (text, at) => (at.length === 0 ? undefined : rangeOf(find(text, nameIn(at)))),
  };
}

function rangeOf(line: RegExpExecArray | undefined): [from: number, to: number] | undefined {
  return line && [line.index + (line[1]?.length ?? 0), line.index + line[0].length];
}

function nameIn([name, ...more]: At): string {
  if (typeof name === 'string' && more.length === 0) return name;
  throw new UneditableFile('a file of variables has no members');
}

const unquoted = (written: string): string => written.trim().replace(/^(["'])(.*)\1$/, '$2');

/** A value that needs no quotes in any dialect of these files. */
const plain = /^[\w./:@%+,=-]*$/;

/** `.env`, as docker, dotenv, python-dotenv and the clients' own readers take it. */
export const dotenv = linesFormat({
  // Not where a value of several lines begins: below it the new one counts.
  match: (name) =>
    new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*)(?!"[^"\\n]*$|'[^'\\n]*$)(.*)$`),
  before: (name) => `${name}=`,
  write(value) {
    if (/['\n\r]/.test(value)) throw new UneditableFile('such a file cannot hold a quote or a line break');
    return plain.test(value) ? value : `'${value}'`;
  },
  value: unquoted,
});
