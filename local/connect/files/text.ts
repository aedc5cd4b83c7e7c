/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Behind the line break that ends the line of an offset, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** The number of an offset's line, from 1. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export const splice = (text: string, from: number, to: number, put: string): string =>
  text.slice(0, from) + put + text.slice(to);

/** The white space that a line begins with. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';

export const isBlank = (text: string): boolean => /^\s*$/.test(text);

/** Behind the text, on a line of its own. */
export const withLineBreak = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`;

/** Each line but the first, further in. */
export const indented = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);
