import type { ConverseEvent, Delta } from '../../canonical/types.ts';

/**
 * Finds what a model has written into its text and should have written as blocks of its own. One block of text may become
 * several, so all blocks are numbered anew; where calls were found, the answer stops for them.
 */
export abstract class BlockRewriter {
  readonly #numbers = new Map<number, number>();
  #next = 0;

  map(event: ConverseEvent): ConverseEvent[] {
    if ('contentBlockStart' in event) {
      const { contentBlockIndex, start } = event.contentBlockStart;
      return [{ contentBlockStart: { contentBlockIndex: this.numberOf(contentBlockIndex), start } }];
    }
    if ('contentBlockDelta' in event) {
      const { contentBlockIndex, delta } = event.contentBlockDelta;
      return this.onDelta(contentBlockIndex, delta);
    }
    if ('contentBlockStop' in event) return this.onStop(event.contentBlockStop.contentBlockIndex);
    const stopped = 'messageStop' in event && event.messageStop.stopReason === 'end_turn';
    if (!stopped || !this.foundCalls) return [event];
    return [{ messageStop: { ...event.messageStop, stopReason: 'tool_use' } }];
  }

  protected abstract onDelta(index: number, delta: Delta): ConverseEvent[];
  protected abstract onStop(index: number): ConverseEvent[];
  protected abstract readonly foundCalls: boolean;

  /** What the model's block is to the client; from its first mention on. */
  protected numberOf(index: number): number {
    const number = this.#numbers.get(index) ?? this.newNumber();
    this.#numbers.set(index, number);
    return number;
  }

  protected isNumbered(index: number): boolean {
    return this.#numbers.has(index);
  }

  /** For a block that the model did not make one. */
  protected newNumber(): number {
    return this.#next++;
  }
}
