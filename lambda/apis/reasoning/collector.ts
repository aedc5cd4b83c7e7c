import type { Delta, ReasoningBlock } from '../../canonical/types.ts';
import type { ReasoningState } from '../chat-completions/shapes.ts';
import { reasoningState } from '../chat-completions/telling.ts';

export type ReasoningDelta = Extract<Delta, { reasoningContent: unknown }>['reasoningContent'];

/** The reasoning of a block that is being told. */
export interface OpenReasoning {
  text: string;
  signature?: string;
  redacted?: string;
}

/** Adds what a delta has to what came before it. */
export function grown(
  open: OpenReasoning | undefined,
  { text, signature, redactedContent }: ReasoningDelta,
): OpenReasoning {
  const grown = open ?? { text: '' };
  if (text) grown.text += text;
  if (signature !== undefined) grown.signature = signature;
  if (redactedContent !== undefined) grown.redacted = redactedContent;
  return grown;
}

/** The reasoning of an answer, which has to come back with the next request. */
export class ToldReasoning {
  readonly #all: ReasoningBlock[] = [];
  #sinceCall: ReasoningBlock[] = [];

  add({ text, signature, redacted }: OpenReasoning): void {
    const block: ReasoningBlock = {
      reasoningContent:
        redacted === undefined
          ? { reasoningText: { text, ...(signature !== undefined && { signature }) } }
          : { redactedContent: redacted },
    };
    this.#sinceCall.push(block);
    this.#all.push(block);
  }

  /** What came since the last tool call: the id of this one carries it. */
  takeForCall(): ReasoningBlock[] {
    const taken = this.#sinceCall;
    this.#sinceCall = [];
    return taken;
  }

  /**
   * All that is signed, to be told when no more can follow: of members they do not know, some clients keep the
   * last (Copilot CLI) and others join all, so only what is said once and whole is right in both.
   */
  state(): ReasoningState | undefined {
    return reasoningState(this.#all);
  }
}
