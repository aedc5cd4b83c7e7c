import { type OpenReasoning, reasoningBlock } from '../../canonical/reasoning.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { type ReasoningState, reasoningState } from './formats.ts';

/** The reasoning of an answer, which has to come back with the next request. */
export class RenderedReasoning {
  readonly #all: ReasoningBlock[] = [];
  #sinceCall: ReasoningBlock[] = [];

  add(open: OpenReasoning): void {
    const block = reasoningBlock(open);
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
   * All that is signed, to be rendered when no more can follow: of members they do not know, some clients keep the
   * last (Copilot CLI) and others join all, so only what is said once and whole is right in both.
   */
  state(): ReasoningState | undefined {
    return reasoningState(this.#all);
  }
}
