/** That answers are stored, and how many items of what was stored stand before those of the client. */
export interface FromStore {
  before: number;
}

/** The path of an item as the client wrote it; what it did not write is called what it is. */
export function itemPath(index: number, stored?: FromStore): string {
  const before = stored?.before ?? 0;
  return index < before ? `stored item ${index}` : `input[${index - before}]`;
}
