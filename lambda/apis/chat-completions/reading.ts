import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import type { StateKey } from '../../canonical/tool-call-state.ts';

/** What is needed to read content parts. `fetched`: what the https URLs in them gave. */
export interface PartContext {
  fetched: ReadonlyMap<string, FetchedMedia>;
}

/** What is needed to read a conversation. */
export interface ConversationContext extends PartContext {
  /** Opens the reasoning that tool call ids carry. */
  stateKey: StateKey;
}

/** What is needed to read one message of it. */
export interface MessageContext extends ConversationContext {
  /** Calls in the older form, which has no ids, that no result has come for yet. */
  legacyCallIds: string[];
}
