import type { AliasSetting } from '../../config.ts';
import { findAlias } from '../resolve/aliases.ts';
import type { CatalogueEntry } from './entry.ts';

/**
 * A list with the aliases in it, first and each like the model it stands for. An alias hides a model of its
 * own name, as it does in a request. Patterns name no one model, and what an alias leads to may not be listed:
 * those are left out.
 */
export function withAliases(
  aliases: Readonly<Record<string, AliasSetting>>,
  entries: readonly CatalogueEntry[],
): CatalogueEntry[] {
  const named = Object.keys(aliases).flatMap((key) => {
    const model = findAlias(aliases, key)?.model;
    if (key.endsWith('*') || model === undefined) return [];
    const entry = entries.find((entry) => entry.id === model || entry.names.includes(model));
    return entry ? [{ ...entry, id: key, type: 'alias' as const, name: key, names: [key] }] : [];
  });
  const taken = new Set(named.map((entry) => entry.id));
  return [...named, ...entries.filter((entry) => !taken.has(entry.id))];
}
