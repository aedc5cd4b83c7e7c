import { estimateTokens } from '../../canonical/estimate.ts';
import { fold } from '../../canonical/fold.ts';
import type { ConverseEvent, ConverseRequest, Usage } from '../../canonical/types.ts';
import { unfold } from '../../canonical/unfold.ts';
import type { Draft, Restore } from '../types.ts';
import { automatonOf, StopMatcher } from './matcher.ts';

type Delta = Extract<ConverseEvent, { contentBlockDelta: unknown }>['contentBlockDelta'];

/**
 * Ends an answer where the first of the sequences begins in its text, as a model does that takes them: the stop reason
 * is `stop_sequence`, which one is told, and nothing follows. A stream is not read any further; then Bedrock reports no usage, and what is
 * reported is an estimate of all that came, marked as one. A whole answer keeps the count of all that was written.
 */
export function restoreStop(sequences: readonly string[], draft: Pick<Draft, 'request'>): Restore {
  const automaton = automatonOf(sequences);
  const start = () => new Cutter(() => new StopMatcher(automaton), draft);
  return {
    answer(answer) {
      const cutter = start();
      const events = cutter.map(unfold(answer));
      return cutter.stopped ? fold(events) : answer;
    },
    events(enough) {
      const cutter = start();
      return (batch) => {
        if (cutter.stopped) return [];
        const events = cutter.map(batch);
        if (cutter.stopped) enough?.();
        return events;
      };
    },
  };
}

class Cutter {
  /** The sequence that has come. */
  #stoppedAt: string | undefined;
  readonly #newMatcher: () => StopMatcher;
  readonly #draft: Pick<Draft, 'request'>;
  readonly #matchers = new Map<number, StopMatcher>();
  /** Blocks of which something has been passed on. */
  readonly #begun = new Set<number>();
  /** UTF-8 bytes of all that the model has written. */
  #bytes = 0;

  constructor(newMatcher: () => StopMatcher, draft: Pick<Draft, 'request'>) {
    this.#newMatcher = newMatcher;
    this.#draft = draft;
  }

  get stopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  map(batch: ConverseEvent[]): ConverseEvent[] {
    const out: ConverseEvent[] = [];
    for (const [i, event] of batch.entries()) {
      if (!('contentBlockDelta' in event)) out.push(...this.#released(event), event);
      else this.#onDelta(event.contentBlockDelta, out);
      if (this.stopped) return [...out, ...this.#ending(batch.slice(i + 1))];
    }
    return out;
  }

  #onDelta({ contentBlockIndex, delta }: Delta, out: ConverseEvent[]): void {
    this.#bytes += bytesOf(delta);
    if (!('text' in delta)) {
      // A citation in the midst of a text does not part it.
      out.push({ contentBlockDelta: { contentBlockIndex, delta } });
      return;
    }
    const matcher = this.#matchers.get(contentBlockIndex) ?? this.#newMatcher();
    this.#matchers.set(contentBlockIndex, matcher);
    const { text, sequence } = matcher.push(delta.text);
    if (text !== '') out.push(this.#text(contentBlockIndex, text));
    this.#stoppedAt = sequence;
    if (this.stopped && this.#begun.has(contentBlockIndex))
      out.push({ contentBlockStop: { contentBlockIndex } });
  }

  /** The text that is held back, before what ends its block. */
  #released(event: ConverseEvent): ConverseEvent[] {
    if ('contentBlockStop' in event) return this.#release(event.contentBlockStop.contentBlockIndex);
    if ('messageStop' in event) return [...this.#matchers.keys()].flatMap((index) => this.#release(index));
    return [];
  }

  #release(index: number): ConverseEvent[] {
    const text = this.#matchers.get(index)?.end() ?? '';
    this.#matchers.delete(index);
    return text === '' ? [] : [this.#text(index, text)];
  }

  #text(contentBlockIndex: number, text: string): ConverseEvent {
    this.#begun.add(contentBlockIndex);
    return { contentBlockDelta: { contentBlockIndex, delta: { text } } };
  }

  /** `rest`: what came together with the sequence; the model's own count may be in it. */
  #ending(rest: readonly ConverseEvent[]): ConverseEvent[] {
    const stoppedAt = this.#stoppedAt;
    const stop: ConverseEvent = {
      messageStop: { stopReason: 'stop_sequence', ...(stoppedAt !== undefined && { stoppedAt }) },
    };
    const rendered = rest.find((event) => 'metadata' in event);
    if (rendered) return [stop, rendered];
    for (const event of rest)
      if ('contentBlockDelta' in event) this.#bytes += bytesOf(event.contentBlockDelta.delta);
    return [stop, { metadata: { usage: estimated(this.#draft.request, this.#bytes) } }];
  }
}

function bytesOf(delta: Delta['delta']): number {
  if ('text' in delta) return Buffer.byteLength(delta.text);
  if ('toolUse' in delta) return Buffer.byteLength(delta.toolUse.input);
  return 'reasoningContent' in delta ? Buffer.byteLength(delta.reasoningContent.text ?? '') : 0;
}

/** Four bytes a token; files are left out, because their bytes say nothing of their tokens. */
function estimated({ system, messages, toolConfig }: ConverseRequest, outputBytes: number): Usage {
  const prompt = JSON.stringify({ system, messages, toolConfig }, (key, value) =>
    key === 'bytes' ? undefined : value,
  );
  const inputTokens = estimateTokens(prompt);
  const outputTokens = Math.ceil(outputBytes / 4);
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}
