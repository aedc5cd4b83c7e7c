import type { Tokens } from 'marked';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { inline } from './inline.ts';
import { bold, dim } from './style.ts';

const gap = ' │ ';
const narrowest = 4;

/** A table with its columns under each other; cells that have no room are wrapped. */
export function tableLines({ header, rows, align }: Tokens.Table, width: number): string[] {
  const cells = [
    header.map((cell) => bold(inline(cell.tokens))),
    ...rows.map((row) => row.map((cell) => inline(cell.tokens))),
  ];
  const widths = fitted(
    header.map((_, column) => Math.max(1, ...cells.map((row) => stringWidth(row[column] ?? '')))),
    width - gap.length * (header.length - 1),
  );
  const lines = cells.map((row) => rowLines(row, widths, align));
  const rule = dim(widths.map((each) => '─'.repeat(each)).join('─┼─'));
  const [head = [], ...body] = lines;
  return [...head, rule, ...body.flat()];
}

/** The widest columns give way until all have room. */
function fitted(widths: readonly number[], room: number): number[] {
  const fit = [...widths];
  for (let over = fit.reduce((sum, each) => sum + each, 0) - room; over > 0; over -= 1) {
    const widest = fit.indexOf(Math.max(...fit));
    if ((fit[widest] ?? 0) <= narrowest) break;
    fit[widest] = (fit[widest] ?? 0) - 1;
  }
  return fit;
}

function rowLines(row: readonly string[], widths: readonly number[], align: Tokens.Table['align']): string[] {
  const wrapped = widths.map((width, i) => wrapAnsi(row[i] ?? '', width, { hard: true }).split('\n'));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, i) => padded(wrapped[i]?.[line] ?? '', width, align[i] ?? null))
      .join(dim(gap))
      .trimEnd(),
  );
}

function padded(text: string, width: number, align: Tokens.Table['align'][number]): string {
  const room = Math.max(0, width - stringWidth(text));
  if (align === 'right') return ' '.repeat(room) + text;
  if (align !== 'center') return text + ' '.repeat(room);
  const left = Math.floor(room / 2);
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}
