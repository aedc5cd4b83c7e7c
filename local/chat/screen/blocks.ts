import type { Token, Tokens } from 'marked';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { highlight } from './highlight.ts';
import { inline } from './inline.ts';
import { bold, dim, styled } from './style.ts';
import { tableLines } from './table.ts';

/** One block of Markdown as the lines of a terminal of that width, none of them longer. */
export const blockLines = (token: Token, width: number): string[] =>
  linesOf(token, width).flatMap((line) => fitted(line, width));

/** What stands deep within lists and quotations has some room left all the same, and is too long then. */
const narrowest = 2;

function linesOf(token: Token, room: number): string[] {
  const width = Math.max(narrowest, room);
  switch (token.type) {
    case 'heading':
      return headingLines(token as Tokens.Heading, width);
    case 'code':
      return codeLines(token as Tokens.Code, width);
    case 'list':
      return listLines(token as Tokens.List, width);
    case 'blockquote':
      return blocksLines((token as Tokens.Blockquote).tokens, width - 2).map((line) => dim('│ ') + line);
    case 'table':
      return tableLines(token as Tokens.Table, width);
    case 'hr':
      return [dim('─'.repeat(width))];
    case 'space':
      return [];
    case 'paragraph':
    case 'text':
      return wrapped(inline(token.tokens ?? [{ ...token, type: 'text' }]), width);
    default:
      return wrapped(token.raw.replace(/\n+$/, ''), width);
  }
}

/** A line that is too long all the same, of a table with many columns or of what is deep within lists, in several. */
const fitted = (line: string, width: number): string[] => {
  // A terminal goes on to the next multiple of eight, which no measure of a text knows.
  const plain = line.replaceAll('\t', '    ');
  return stringWidth(plain) <= width
    ? [plain]
    : wrapAnsi(plain, width, { hard: true, wordWrap: false, trim: false }).split('\n');
};

/** Blocks with a line between them. */
export function blocksLines(tokens: readonly Token[], width: number): string[] {
  return tokens
    .map((token) => linesOf(token, width))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** Lines of a text that is no Markdown: those that have room stay as they are. */
export const plainLines = (text: string, width: number): string[] =>
  text.split('\n').flatMap((line) => (stringWidth(line) <= width ? [line] : wrapped(line, width)));

/** At words, and where one is longer than a line within it. */
export const wrapped = (text: string, width: number): string[] =>
  wrapAnsi(text, Math.max(1, width), { hard: true, trim: true }).split('\n');

function headingLines({ depth, tokens }: Tokens.Heading, width: number): string[] {
  const text = inline(tokens);
  return wrapped(depth === 1 ? styled(['bold', 'underline'], text) : bold(text), width);
}

const margin = '  ';

function codeLines({ text, lang = '' }: Tokens.Code, width: number): string[] {
  const language = lang.trim().split(/\s/)[0] ?? '';
  const code = highlight(text.replaceAll('\t', '    '), language.toLowerCase());
  const lines = code
    .split('\n')
    .flatMap((line) =>
      wrapAnsi(line, Math.max(1, width - margin.length), { hard: true, wordWrap: false, trim: false }).split(
        '\n',
      ),
    )
    .map((line) => margin + line);
  return language === '' ? lines : [dim(margin + language), ...lines];
}

function listLines({ items, ordered, start, loose }: Tokens.List, width: number): string[] {
  const first = ordered && start !== '' ? Number(start) : 1;
  const marks = items.map((_, i) => (ordered ? `${first + i}. ` : '• '));
  const indent = Math.max(...marks.map(({ length }) => length));
  return items.flatMap(({ task, checked, tokens }, i) => {
    const box = task ? `${checked ? '☑' : '☐'} ` : '';
    const [head = '', ...rest] = itemLines(tokens, width - indent - box.length);
    const lines = [
      styled('cyan', (marks[i] ?? '').padStart(indent)) + box + head,
      ...rest.map((line) => (line === '' ? '' : ' '.repeat(indent + box.length) + line)),
    ];
    return loose && i > 0 ? ['', ...lines] : lines;
  });
}

/** A list within an item follows its text at once. */
function itemLines(tokens: readonly Token[], width: number): string[] {
  // marked has the box of a task as a token of its own.
  return tokens
    .filter(({ type }) => type !== 'checkbox')
    .flatMap((token, i, all) => {
      const lines = linesOf(token, width);
      return i > 0 && token.type !== 'list' && all[i - 1]?.type !== 'space' ? ['', ...lines] : lines;
    });
}
