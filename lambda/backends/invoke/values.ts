/** Looks into what a model answered, which may be anything: a member that is of another kind is as if absent. */

export type Members = Readonly<Record<string, unknown>>;

export function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export function first(value: unknown): Members {
  return Array.isArray(value) ? members(value[0]) : {};
}

export function list(value: unknown): Members[] {
  return Array.isArray(value) ? value.map(members) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A number of tokens or milliseconds; headers carry them as text. */
export function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}
