import type { CatalogueEntry } from '../../models/catalogue/entry.ts';

export interface ModelFilter {
  /** Also what lists leave out: what has ended and what nothing here serves. `true` or `1`, or without a value. */
  all?: string | boolean;
  /** Types of entries, separated by commas. */
  type?: string;
  /** Output modalities, separated by commas; any of them will do. */
  output?: string;
}

/**
 * The entries a query asks for, in the order of their ids. Types and modalities are open sets, so an unknown one
 * selects nothing.
 */
export function selectModels(entries: readonly CatalogueEntry[], filter: ModelFilter): CatalogueEntry[] {
  const types = wordsOf(filter.type);
  const outputs = wordsOf(filter.output);
  const all = filter.all === true || ['', '1', 'true'].includes(String(filter.all ?? 'false').toLowerCase());
  const selected = entries.filter(
    (entry) =>
      (all || entry.notListed === undefined) &&
      (types === undefined || types.has(entry.type.toLowerCase())) &&
      (outputs === undefined || entry.output.some((output) => outputs.has(output.toLowerCase()))),
  );
  return selected.sort((a, b) => compare(a.id.toLowerCase(), b.id.toLowerCase()));
}

/** By code points: the same everywhere, whatever the locale of the process is. */
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);

/** The entry that an id of the list, a model id or an ARN names. */
export function selectModel(entries: readonly CatalogueEntry[], name: string): CatalogueEntry | undefined {
  return (
    entries.find((entry) => entry.id === name) ??
    entries.find((entry) => entry.type !== 'alias' && (entry.modelId === name || entry.arn === name))
  );
}

function wordsOf(list: string | undefined): Set<string> | undefined {
  const words = list
    ?.split(',')
    .map((word) => word.trim().toLowerCase())
    .filter(Boolean);
  return words && words.length > 0 ? new Set(words) : undefined;
}
