import { list } from '../../../canonical/json.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import { settlesWithin } from '../../../settles-within.ts';
import { wholeItems } from './compacted.ts';
import { addItems, type Conversation } from './conversation.ts';
import { inputId, itemEntry, responseEntry, responseOf, storedItems } from './records.ts';
import { expiryOf, type Shelf, type StoredDeps } from './shelf.ts';

/** Milliseconds that an answer waits for being stored. */
const patienceMs = 5000;

/** What there is to store beside the answer itself. */
export interface Storing extends Pick<StoredDeps, 'report'> {
  shelf: Shelf;
  /** Epoch milliseconds. */
  now: () => number;
  /** Of the response. */
  id: string;
  /** The client's items, references to what is stored resolved. */
  input: readonly unknown[];
  /** Ids of the responses before it. */
  chain: string[];
  /** The client has not said `store: false`. */
  isWanted: boolean;
  /** That it belongs to. */
  conversation: Conversation | undefined;
}

/** Stores an answer that is complete; a warning where that did not work, or took too long. Never rejects. */
export async function storeAnswer(response: JsonObject, storing: Storing): Promise<string | undefined> {
  if (response.status !== 'completed' && response.status !== 'incomplete') return undefined;
  const works = worksOf(response, storing);
  if (works.length === 0) return undefined;
  let failure: unknown = new Error(`the table took more than ${patienceMs} ms`);
  let isDone = false;
  const all = Promise.all(works).then(
    () => {
      isDone = true;
    },
    (error) => {
      failure = error;
    },
  );
  await settlesWithin(patienceMs, all);
  if (isDone) return undefined;
  storing.report('store: an answer was not stored', failure);
  const why = failure instanceof RangeError ? failure.message : 'the store does not answer';
  return `the answer was not stored: ${why}; send its items yourself`;
}

function worksOf(response: JsonObject, storing: Storing): Promise<void>[] {
  const { shelf, now, id, chain, conversation, isWanted } = storing;
  const request = id.slice('resp_'.length);
  const input = storedItems(storing.input, inputId(request));
  const output = list(response.output) as JsonObject[];
  const expiresAt = expiryOf(now());
  // Models that speak Responses have ids of their own, which do not say whose they are.
  const others = output.filter((item) => typeof item.id === 'string' && responseOf(item.id) !== id);
  return [
    ...(conversation
      ? [
          addItems(shelf, conversation, [...input, ...wholeItems(output, response)], {
            at: now(),
            by: request,
          }),
        ]
      : []),
    ...(isWanted
      ? [
          shelf.write(id, responseEntry, { response, input, chain }, expiresAt),
          ...others.map((item) => shelf.write(String(item.id), itemEntry, { response: id }, expiresAt)),
        ]
      : []),
  ];
}
