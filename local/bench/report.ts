import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const page = join(root, 'docs', 'performance.md');

/** What a result is worth without. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${cpus().length} × ${cpu?.model}, ${gigabytes} GB, ${type()} ${release()}, Node ${process.version}, ${date}`;
}

/** A goal, what was measured, and whether that is enough. */
export interface Goal {
  name: string;
  goal: string;
  measured: string;
  met: boolean;
}

export const goalTable = (goals: readonly Goal[]) =>
  table(
    ['', 'goal', 'measured', 'met'],
    goals.map(({ name, goal, measured, met }) => [name, goal, measured, met ? 'yes' : '**no**']),
  );

/** A Markdown table; the first column holds names. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Prints a report, writes the numbers to `dist/<name>.json`, and, where asked, the report to docs/performance.md. */
export function publish(name: string, report: string, numbers: object, write: boolean): void {
  console.log(`${report}\n`);
  const file = join(root, 'dist', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine: machine(), ...numbers }, undefined, 2)}\n`);
  if (!write) return;
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(open);
  const after = rest?.split(close)[1];
  if (after === undefined) throw new Error(`docs/performance.md has no place for ${name}`);
  writeFileSync(page, `${before}${open}\n${report}\n${close}${after}`);
}
