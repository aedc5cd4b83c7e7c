import type { ByteBudget } from '../../bounds.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';

/** What is needed to read content parts. */
export interface PartContext {
  /** What the https URLs in them gave. */
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Counts what the request becomes beyond its own text: what was fetched, each time that it is used. */
  bytes: ByteBudget;
}
