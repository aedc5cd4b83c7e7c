import {
  addReasoning,
  type OpenReasoning,
  type ReasoningDelta,
  reasoningBlock,
} from '../../canonical/reasoning.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { isCarried } from '../reasoning/formats.ts';
import type { Events } from './events.ts';

export interface ReasoningOutput {
  id: string;
  type: 'reasoning';
  summary: { type: 'summary_text'; text: string }[];
  /** Of models that show what they think as it is. */
  content?: { type: 'reasoning_text'; text: string }[];
  /** Sealed, whether asked for or not: some clients never ask and bring it back all the same. */
  encrypted_content: string | null;
}

/**
 * A block of reasoning while the model writes it. It is streamed as a summary, which all clients show; what no
 * signature vouches for stands in `content` besides.
 */
export class ReasoningItem {
  readonly #id: string;
  readonly #events: Events;
  readonly #seal: (block: ReasoningBlock) => string | null;
  readonly #place: { item_id: string; output_index: number; summary_index: 0 };
  #reasoning: OpenReasoning | undefined;
  #delta: ((text: string) => string) | undefined;

  constructor(id: string, index: number, events: Events, seal: (block: ReasoningBlock) => string | null) {
    this.#id = id;
    this.#events = events;
    this.#seal = seal;
    this.#place = { item_id: id, output_index: index, summary_index: 0 };
  }

  open(): string {
    const { output_index } = this.#place;
    const item: ReasoningOutput = { id: this.#id, type: 'reasoning', summary: [], encrypted_content: null };
    return this.#events.event('response.output_item.added', { output_index, item });
  }

  add(delta: ReasoningDelta): string {
    this.#reasoning = addReasoning(this.#reasoning, delta);
    if (!delta.text) return '';
    if (this.#delta) return this.#delta(delta.text);
    this.#delta = this.#events.deltas('response.reasoning_summary_text.delta', this.#place);
    const part = { type: 'summary_text', text: '' };
    const begun = this.#events.event('response.reasoning_summary_part.added', { ...this.#place, part });
    return begun + this.#delta(delta.text);
  }

  close(): { item: ReasoningOutput; block: ReasoningBlock; out: string } {
    const block = reasoningBlock(this.#reasoning ?? { text: '' });
    const text = this.#reasoning?.text ?? '';
    const part = { type: 'summary_text' as const, text };
    const item: ReasoningOutput = {
      id: this.#id,
      type: 'reasoning',
      summary: text === '' ? [] : [part],
      ...(text !== '' && !isCarried(block) && { content: [{ type: 'reasoning_text', text }] }),
      encrypted_content: this.#seal(block),
    };
    const ended = this.#delta
      ? this.#events.event('response.reasoning_summary_text.done', { ...this.#place, text }) +
        this.#events.event('response.reasoning_summary_part.done', { ...this.#place, part })
      : '';
    const { output_index } = this.#place;
    const out = ended + this.#events.event('response.output_item.done', { output_index, item });
    return { item, block, out };
  }
}
