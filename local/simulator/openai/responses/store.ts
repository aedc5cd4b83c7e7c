import type { Item } from './body.ts';

export interface StoredResponse {
  /** What GET answers. */
  resource: Record<string, unknown> & { id: string };
  /** The conversation up to and with this answer. */
  items: readonly Item[];
  /** Where it was served, which is where it can be found. */
  region: string;
  /** Milliseconds since 1970. */
  expires: number;
}

const mostResponses = 200;
const mostCharacters = 32_000_000;
export const keptMs: number = 30 * 24 * 3_600_000;

/** Responses that were to be stored. The oldest go when there are too many, or when they are too large together. */
export class ResponseStore {
  readonly #kept = new Map<string, { stored: StoredResponse; size: number }>();
  #characters = 0;

  add(stored: StoredResponse): void {
    this.delete(stored.resource.id);
    const size = JSON.stringify(stored.items).length;
    this.#kept.set(stored.resource.id, { stored, size });
    this.#characters += size;
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= mostResponses && this.#characters <= mostCharacters) return;
      this.delete(id);
    }
  }

  /** undefined for one that never was, was deleted or has expired, and for one of another region. */
  get(id: string, region: string, now: number): StoredResponse | undefined {
    const stored = this.#kept.get(id)?.stored;
    return stored && stored.region === region && stored.expires > now ? stored : undefined;
  }

  delete(id: string): void {
    this.#characters -= this.#kept.get(id)?.size ?? 0;
    this.#kept.delete(id);
  }

  /** Everything that was said or done in answers of a region, by id. */
  itemsOf(region: string, now: number): Map<string, Item> {
    const found = new Map<string, Item>();
    for (const { stored } of this.#kept.values())
      if (stored.region === region && stored.expires > now)
        for (const item of stored.items) if (item.id) found.set(item.id, item);
    return found;
  }

  clear(): void {
    this.#kept.clear();
    this.#characters = 0;
  }
}
