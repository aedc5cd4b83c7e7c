/** What of a reply has become known: thinking, answer, or nothing yet. */
export interface Read {
  thinking: string;
  output: string;
}

type State = 'before' | 'thinking' | 'between' | 'output' | 'behind' | 'plain';

const openThinking = '<thinking>';
const closeThinking = '</thinking>';
const openOutput = '<output>';
const closeOutput = '</output>';

/** Characters before the first tag, or between thinking and answer, after which no tag is waited for any more. */
const maxBefore = 400;

/**
 * Takes a reply apart as it comes: the thinking in tags, and the answer, which is the first `<output>` behind
 * `</thinking>` up to the last `</output>` or the end, without blanks around it. Without `<output>` it is what follows the thinking;
 * without tags it is everything. Works the same for a reply in one piece.
 */
export class ThinkingTags {
  #state: State = 'before';
  /** What has not been given out. */
  #held = '';
  /** All of the thinking, in which an answer may stand that was never set apart. */
  #thought = '';
  #began = false;
  /** Behind what was given out of the answer, in case something follows. */
  #blanks = '';

  /** What comes now is thinking. */
  get isThinking(): boolean {
    return this.#state === 'thinking';
  }

  push(text: string): Read {
    this.#held += text;
    const read: Read = { thinking: '', output: '' };
    while (this.#step(read)) {
      // Each step leaves what it held.
    }
    return read;
  }

  /** `cutOff`: it ends because its limit of tokens was reached. */
  end(cutOff: boolean): Read {
    const read: Read = { thinking: '', output: '' };
    const held = this.#held;
    this.#held = '';
    if (this.#state === 'thinking') {
      read.thinking = held;
      this.#thought += held;
      const begin = this.#thought.lastIndexOf(openOutput);
      if (!cutOff && begin >= 0) read.output = inside(this.#thought.slice(begin + openOutput.length));
    } else if (this.#state === 'behind') {
      const last = held.lastIndexOf(closeOutput);
      if (last >= 0) this.#give(read, closeOutput + held.slice(0, last));
    } else {
      const isHalfTag = cutOff && this.#state === 'output' && closeOutput.startsWith(held);
      if (!isHalfTag) this.#give(read, held);
    }
    return read;
  }

  #step(read: Read): boolean {
    switch (this.#state) {
      case 'before':
        return this.#before(read);
      case 'thinking':
        return this.#until(closeThinking, 'between', (text) => {
          read.thinking += text;
          this.#thought += text;
        });
      case 'between':
        return this.#between();
      case 'output':
        return this.#until(closeOutput, 'behind', (text) => this.#give(read, text));
      case 'plain':
        this.#give(read, this.#take(this.#held.length));
        return false;
      case 'behind':
        return false;
    }
  }

  #before(read: Read): boolean {
    this.#held = this.#held.trimStart();
    const thinking = this.#tagAt(openThinking);
    const output = this.#tagAt(openOutput);
    if (thinking >= 0 && (output < 0 || thinking < output)) {
      read.thinking += this.#take(thinking).trim();
      this.#take(openThinking.length);
      this.#state = 'thinking';
      return true;
    }
    return this.#opened(output);
  }

  #between(): boolean {
    this.#held = this.#held.trimStart();
    return this.#opened(this.#tagAt(openOutput));
  }

  /** The answer begins with its tag, or without one where there was room enough for it. */
  #opened(output: number): boolean {
    if (output >= 0) {
      this.#take(output + openOutput.length);
      this.#state = 'output';
      return true;
    }
    if (this.#held.length <= maxBefore + openThinking.length) return false;
    this.#state = 'plain';
    return true;
  }

  /** Where a tag begins that is not too far behind the first word, which is where what is held begins; -1: there is none. */
  #tagAt(tag: string): number {
    const at = this.#held.indexOf(tag);
    return at <= maxBefore ? at : -1;
  }

  /** Gives out what cannot be the beginning of the tag that ends this state. */
  #until(tag: string, next: State, give: (text: string) => void): boolean {
    const at = this.#held.indexOf(tag);
    if (at < 0) {
      give(this.#take(this.#held.length - beginningOf(tag, this.#held)));
      return false;
    }
    give(this.#take(at));
    this.#take(tag.length);
    this.#state = next;
    return true;
  }

  /** Without blanks at the beginning; those at the end are held back until something follows them. */
  #give(read: Read, text: string): void {
    const given = this.#began ? text : text.trimStart();
    const end = given.trimEnd().length;
    // What is held back is not looked through again.
    if (end > 0) {
      read.output += this.#blanks + given.slice(0, end);
      this.#blanks = given.slice(end);
      this.#began = true;
    } else if (this.#began) this.#blanks += given;
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}

function inside(text: string): string {
  const end = text.lastIndexOf(closeOutput);
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** Characters at the end of a text that may be the beginning of a tag. */
function beginningOf(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1)
    if (tag.startsWith(text.slice(-length))) return length;
  return 0;
}
