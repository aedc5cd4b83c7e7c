import type { ConverseEvent } from '../../canonical/types.ts';

type EventOf<K extends string> = Extract<ConverseEvent, Record<K, unknown>>;
export type BlockEvent =
  | EventOf<'contentBlockStart'>
  | EventOf<'contentBlockDelta'>
  | EventOf<'contentBlockStop'>;

/**
 * Renders the content blocks of a stream one after the other, as clients expect them: what Converse says of another
 * block meanwhile waits until the open one has stopped.
 */
export class BlocksInOrder {
  readonly #render: (event: BlockEvent) => string;
  #open: number | undefined;
  readonly #waiting = new Map<number, BlockEvent[]>();

  constructor(render: (event: BlockEvent) => string) {
    this.#render = render;
  }

  /** What can be rendered with this event; '' where it has to wait. */
  add(event: BlockEvent): string {
    const index = indexOf(event);
    if (this.#open !== undefined && this.#open !== index) {
      const held = this.#waiting.get(index);
      if (held) held.push(event);
      else this.#waiting.set(index, [event]);
      return '';
    }
    const out = this.#pass(index, event);
    return this.#open === undefined && this.#waiting.size > 0 ? out + this.#passWaiting() : out;
  }

  /** All that has waited, when nothing follows; blocks that have not stopped stop. */
  end(): string {
    let out = '';
    while (this.#open !== undefined) {
      const contentBlockIndex = this.#open;
      out += this.#pass(contentBlockIndex, { contentBlockStop: { contentBlockIndex } });
      out += this.#passWaiting();
    }
    return out;
  }

  #pass(index: number, event: BlockEvent): string {
    this.#open = 'contentBlockStop' in event ? undefined : index;
    return this.#render(event);
  }

  /** What has waited longest, and what follows where that has stopped already. */
  #passWaiting(): string {
    let out = '';
    for (const [index, held] of this.#waiting) {
      if (this.#open !== undefined) break;
      this.#waiting.delete(index);
      for (const event of held) out += this.#pass(index, event);
    }
    return out;
  }
}

function indexOf(event: BlockEvent): number {
  if ('contentBlockDelta' in event) return event.contentBlockDelta.contentBlockIndex;
  if ('contentBlockStart' in event) return event.contentBlockStart.contentBlockIndex;
  return event.contentBlockStop.contentBlockIndex;
}
