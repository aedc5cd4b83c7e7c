import { dollarsOf } from '../limits/amount.ts';
import { counters, type Use } from '../limits/use.ts';
import { type Figures, firstTokenMs, tokensPerSecond } from './figures.ts';

/** The tables that can be taken along. */
export const tables = ['keys', 'models', 'days'] as const;
export type TableName = (typeof tables)[number];

type Cell = string | number | boolean | null;
type Line = Record<string, Cell>;

/** The lines of a table, each with the same members. Money is an exact decimal text. */
export function linesOf(figures: Figures, table: TableName): Line[] {
  if (table === 'keys')
    return figures.keys.map(({ name, team, admin, isKey, revoked, expiresAt, use, standing }) => ({
      key: name,
      team: team ?? null,
      admin,
      is_open: isKey && !revoked,
      expires: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
      last_use: use.lastAt === 0 ? null : new Date(use.lastAt).toISOString(),
      budget_left_usd: standing?.view.budgetPico === undefined ? null : dollarsOf(standing.view.budgetPico),
      ...useFields(use),
    }));
  if (table === 'models')
    return figures.models.map(({ model, use, price, endOfLife }) => ({
      model,
      first_token_p50_ms: finite(firstTokenMs(use, 0.5)),
      first_token_p95_ms: finite(firstTokenMs(use, 0.95)),
      output_tokens_per_second: tokensPerSecond(use) ?? null,
      price_from: price?.from ?? null,
      end_of_life: endOfLife ?? null,
      ...useFields(use),
    }));
  return figures.rows
    .toSorted((one, other) => one.day.localeCompare(other.day))
    .map(({ day, key, model, use }) => ({ day, key, model, ...useFields(use) }));
}

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

const useFields = (use: Use): Line => ({
  cost_usd: dollarsOf(use.costPico),
  ...Object.fromEntries(counters.map((name) => [snake(name), use[name]])),
});

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** RFC 4180. A text that a spreadsheet would take for a formula is shown as the text that it is. */
export function csvOf(lines: readonly Line[]): string {
  const heads = Object.keys(lines[0] ?? {});
  const rows = lines.map((line) => heads.map((head) => cell(line[head] ?? null)).join(','));
  return `${[heads.join(','), ...rows].join('\r\n')}\r\n`;
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  // https://owasp.org/www-community/attacks/CSV_Injection
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.]+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
