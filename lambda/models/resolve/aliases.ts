import type { AliasSetting } from '../../config.ts';
import type { Target } from '../target.ts';

export interface Alias {
  /** As the setting wrote it, `*` included. */
  key: string;
  model: string;
  defaults?: Target['defaults'];
}

/** The alias for a name: an exact one, else the longest that ends with `*` and fits. */
export function findAlias(aliases: Readonly<Record<string, AliasSetting>>, name: string): Alias | undefined {
  const exact = Object.hasOwn(aliases, name) ? name : undefined;
  const key = exact ?? longestPattern(Object.keys(aliases), name);
  const setting = key === undefined ? undefined : aliases[key];
  if (key === undefined || setting === undefined) return undefined;
  if (typeof setting === 'string') return { key, model: setting };
  const { model, ...defaults } = setting;
  return { key, model, defaults };
}

function longestPattern(keys: string[], name: string): string | undefined {
  return keys
    .filter((key) => key.endsWith('*') && name.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
}
