import type { Receiver, Source } from '../streams/source.ts';

/** Lines as they come up, for whoever asks for them; those that come between two questions are handed out one by one. */
export class TextFeed implements Source<string> {
  readonly #waiting: string[] = [];
  #receiver: Receiver<string> | undefined;
  #over = false;

  push(text: string): void {
    if (this.#over) return;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver) receiver.onItem(text, false);
    else this.#waiting.push(text);
  }

  end(): void {
    this.#over = true;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.onEnd();
  }

  pull(receiver: Receiver<string>): void {
    const text = this.#waiting.shift();
    if (text !== undefined) receiver.onItem(text, false);
    else if (this.#over) receiver.onEnd();
    else this.#receiver = receiver;
  }

  cancel(): void {
    this.#over = true;
    this.#receiver = undefined;
    this.#waiting.length = 0;
  }
}
