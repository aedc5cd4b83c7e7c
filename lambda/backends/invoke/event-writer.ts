import type { ConverseEvent, StopReason } from '../../canonical/types.ts';

type Kind = 'text' | 'reasoning' | `call ${number}`;

/** Writes the events of one answer: opens and closes its blocks as ConverseStream would. */
export class EventWriter {
  #events: ConverseEvent[] = [{ messageStart: { role: 'assistant' } }];
  #open: { kind: Kind; index: number } | undefined;
  #next = 0;
  readonly #calls = new Set<number>();

  /** The events since the last call. */
  take(): ConverseEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  text(text: string): void {
    if (text === '') return;
    const contentBlockIndex = this.#block('text');
    this.#events.push({ contentBlockDelta: { contentBlockIndex, delta: { text } } });
  }

  reasoning(text: string): void {
    if (text === '') return;
    const contentBlockIndex = this.#block('reasoning');
    this.#events.push({ contentBlockDelta: { contentBlockIndex, delta: { reasoningContent: { text } } } });
  }

  /** A part of the call with this index; its first part opens the block. */
  call(index: number, toolUse: { toolUseId: string; name: string }, input: string): void {
    const contentBlockIndex = this.#block(`call ${index}`);
    if (!this.#calls.has(index)) {
      this.#calls.add(index);
      this.#events.push({ contentBlockStart: { contentBlockIndex, start: { toolUse } } });
    }
    if (input !== '') {
      this.#events.push({ contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } } });
    }
  }

  stop(stopReason: StopReason): void {
    this.#close();
    this.#events.push({ messageStop: { stopReason } });
  }

  metadata(metadata: Extract<ConverseEvent, { metadata: unknown }>['metadata']): void {
    this.#events.push({ metadata });
  }

  #block(kind: Kind): number {
    if (this.#open?.kind === kind) return this.#open.index;
    this.#close();
    this.#open = { kind, index: this.#next };
    this.#next += 1;
    return this.#open.index;
  }

  #close(): void {
    if (this.#open) this.#events.push({ contentBlockStop: { contentBlockIndex: this.#open.index } });
    this.#open = undefined;
  }
}
