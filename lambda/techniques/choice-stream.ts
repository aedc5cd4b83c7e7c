import type { ConverseEvent, JsonObject, Usage } from '../canonical/types.ts';
import type { Receiver, Source } from '../streams/source.ts';
import { movedBy } from './moved-by.ts';

/** What is said with the end of a choice. */
export interface Closing {
  usage: Usage;
  /** With the choice that ends last. */
  optimisation?: JsonObject;
}

export interface ChoiceStreamOptions {
  /** Called once, when the choice has its answer: what it has used itself. */
  closing(own: Usage): Closing;
  /** Called once, when its answer has begun and failed; `fail` or `leave` is to follow. */
  failed(error: unknown): void;
}

type Stop = Extract<ConverseEvent, { messageStop: unknown }>['messageStop'];
type Metadata = Extract<ConverseEvent, { metadata: unknown }>['metadata'];

const unknownUsage: Usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true };

/**
 * The events of one choice, which begins before it is known what its answer will be: the head, lines of progress, and
 * then the answer, with its end held back until it is known what it has used.
 */
export class ChoiceStream implements Source<ConverseEvent[]> {
  readonly #options: ChoiceStreamOptions;
  readonly #ready: ConverseEvent[] = [];
  #receiver: Receiver<ConverseEvent[]> | undefined;
  #answer: Source<ConverseEvent[]> | undefined;
  #asked = false;
  #begun = false;
  #spoke = false;
  #stop: Stop | undefined;
  #closed = false;
  #over = false;
  #failure: { error: unknown } | undefined;

  constructor(options: ChoiceStreamOptions) {
    this.#options = options;
  }

  /** The head goes out. */
  begin(): void {
    this.#begun = true;
    this.#ready.unshift({ messageStart: { role: 'assistant' } });
    this.#give();
  }

  /** A line of reasoning before the answer. */
  say(text: string): void {
    if (this.#answer || this.#over) return;
    this.#spoke = true;
    const delta = { reasoningContent: { text: `${text}\n` } };
    this.#ready.push({ contentBlockDelta: { contentBlockIndex: 0, delta } });
    this.#give();
  }

  follow(answer: Source<ConverseEvent[]>): void {
    if (this.#over) {
      answer.cancel();
      return;
    }
    if (this.#spoke) this.#ready.push({ contentBlockStop: { contentBlockIndex: 0 } });
    this.#answer = answer;
    this.#give();
  }

  /** The choice comes to nothing, and others are there. */
  leave({ usage, optimisation }: Closing): void {
    if (optimisation) this.#ready.push({ metadata: { usage, optimisation } });
    this.#end();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#end();
  }

  pull(receiver: Receiver<ConverseEvent[]>): void {
    this.#receiver = receiver;
    this.#give();
  }

  cancel(): void {
    this.#over = true;
    this.#receiver = undefined;
    this.#answer?.cancel();
  }

  #end(): void {
    this.#closed = true;
    this.#over = true;
    this.#give();
  }

  #give(): void {
    const receiver = this.#receiver;
    if (!receiver || !this.#begun) return;
    if (this.#ready.length > 0) {
      this.#receiver = undefined;
      receiver.onItem(this.#ready.splice(0), false);
    } else if (this.#over) {
      this.#receiver = undefined;
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure) receiver.onError(failure.error);
      else receiver.onEnd();
    } else this.#ask();
  }

  #ask(): void {
    if (!this.#answer || this.#asked) return;
    this.#asked = true;
    this.#answer.pull({
      onItem: (batch) => {
        this.#asked = false;
        for (const event of batch) this.#take(event);
        this.#give();
      },
      onEnd: () => {
        this.#asked = false;
        if (!this.#closed) this.#close({ usage: unknownUsage });
        this.#end();
      },
      onError: (error) => {
        this.#asked = false;
        // All has been said, and is counted.
        if (this.#closed) this.#end();
        else this.#options.failed(error);
      },
    });
  }

  #take(event: ConverseEvent): void {
    if ('messageStart' in event) return;
    if ('messageStop' in event) this.#stop = event.messageStop;
    else if ('metadata' in event) this.#close(event.metadata);
    else this.#ready.push(this.#spoke ? movedBy(1, event) : event);
  }

  #close(metadata: Metadata): void {
    this.#closed = true;
    const { usage, optimisation } = this.#options.closing(metadata.usage);
    const account = optimisation && { optimisation };
    if (this.#stop) this.#ready.push({ messageStop: { ...this.#stop, ...account } });
    this.#ready.push({ metadata: { ...metadata, usage } });
  }
}
