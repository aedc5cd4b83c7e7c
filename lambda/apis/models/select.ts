import type { CatalogueEntry } from '../../models/catalogue/entry.ts';

export interface ModelFilter {
  /** Types of entries, separated by commas. */
  type?: string;
  /** Output modalities, separated by commas; any of them will do. */
  output?: string;
}

/** The entries a query asks for. Types and modalities are open sets, so an unknown one selects nothing. */
export function selectModels(entries: readonly CatalogueEntry[], filter: ModelFilter): CatalogueEntry[] {
  const types = wordsOf(filter.type);
  const outputs = wordsOf(filter.output);
  return entries.filter(
    (entry) =>
      (types === undefined || types.has(entry.type.toLowerCase())) &&
      (outputs === undefined || entry.output.some((output) => outputs.has(output.toLowerCase()))),
  );
}

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
