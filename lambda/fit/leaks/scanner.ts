import type { CallTokens, Markup } from './markup.ts';

/** What a text turns out to hold. A call is emitted as its start, fragments of its input, and its end. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'call'; header: string }
  | { kind: 'input'; text: string }
  | { kind: 'end' };

const tags = [
  { open: '<think>', close: '</think>' },
  { open: '<reasoning>', close: '</reasoning>' },
];

type State = 'start' | 'text' | 'thinking' | 'header' | 'input';

/**
 * Finds tags and tool tokens in a text that arrives in fragments. What might be the beginning of one waits
 * for the next fragment. Tags count only at the start of a text, where models let them slip; further on they
 * are what the answer is about.
 */
export class LeakScanner {
  readonly #calls: CallTokens | undefined;
  readonly #tokens: Record<Exclude<State, 'start'>, readonly string[]>;
  #state: State;
  #waiting = '';
  #header = '';
  /** White space around tags and tokens belongs to them. */
  #trimming = false;

  constructor({ tags, calls }: Markup) {
    this.#state = tags ? 'start' : 'text';
    this.#calls = calls;
    this.#tokens = {
      text: calls ? [calls.begin, ...calls.around] : [],
      thinking: [],
      header: calls ? [calls.input] : [],
      input: calls ? [calls.end] : [],
    };
  }

  add(fragment: string): Piece[] {
    const text = this.#waiting + fragment;
    this.#waiting = '';
    const pieces: Piece[] = [];
    let at = 0;
    while (at < text.length) {
      if (this.#state === 'start') {
        const next = this.#open(text, at);
        if (next === undefined) break;
        at = next;
        continue;
      }
      const tokens = this.#tokens[this.#state];
      const found = firstOf(tokens, text, at);
      if (!found) {
        const end = text.length - heldBack(tokens, text, at);
        this.#emit(text.slice(at, end), pieces);
        this.#waiting = text.slice(end);
        break;
      }
      this.#emit(text.slice(at, found.at), pieces);
      this.#enter(found.token, pieces);
      at = found.at + found.token.length;
    }
    return pieces;
  }

  /** The text is over: what was waiting is what it looks like. */
  end(): Piece[] {
    const pieces: Piece[] = [];
    const rest = this.#waiting;
    if (this.#state === 'header') {
      const unfinished = this.#calls?.begin + this.#header + rest;
      this.#state = 'text';
      this.#emit(unfinished, pieces);
    } else {
      if (this.#state === 'start') this.#state = 'text';
      this.#emit(rest, pieces);
      if (this.#state === 'input') pieces.push({ kind: 'end' });
    }
    return pieces;
  }

  /** Where to go on from the start of a text; undefined while that is not clear. */
  #open(text: string, at: number): number | undefined {
    const head = text.slice(at).trimStart();
    const tag = tags.find(({ open }) => head.startsWith(open));
    if (tag) {
      this.#state = 'thinking';
      this.#tokens.thinking = [tag.close];
      this.#trimming = true;
      return text.length - head.length + tag.open.length;
    }
    if (tags.some(({ open }) => open.startsWith(head))) {
      this.#waiting = text.slice(at);
      return undefined;
    }
    this.#state = 'text';
    return at;
  }

  #enter(token: string, pieces: Piece[]): void {
    switch (this.#state) {
      case 'header':
        pieces.push({ kind: 'call', header: this.#header.trim() });
        this.#header = '';
        this.#state = 'input';
        break;
      case 'input':
        pieces.push({ kind: 'end' });
        this.#state = 'text';
        break;
      case 'text':
        if (token === this.#calls?.begin) this.#state = 'header';
        break;
      default:
        this.#state = 'text';
    }
    this.#trimming = true;
  }

  #emit(content: string, pieces: Piece[]): void {
    const text = this.#trimming && this.#state !== 'header' ? content.trimStart() : content;
    if (text === '') return;
    this.#trimming = false;
    if (this.#state === 'header') this.#header += text;
    else if (this.#state === 'thinking') pieces.push({ kind: 'reasoning', text });
    else pieces.push({ kind: this.#state === 'input' ? 'input' : 'text', text });
  }
}

/** All tokens begin with `<` and hold no other, so only a text's last one can begin an unfinished token. */
function heldBack(tokens: readonly string[], text: string, from: number): number {
  const at = text.lastIndexOf('<');
  if (at < from) return 0;
  const tail = text.slice(at);
  return tokens.some((token) => token.startsWith(tail)) ? tail.length : 0;
}

/** Goes from one `<` to the next, so that a long text without tokens is read once. */
function firstOf(
  tokens: readonly string[],
  text: string,
  from: number,
): { token: string; at: number } | undefined {
  if (tokens.length === 0) return undefined;
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) {
    const token = tokens.find((candidate) => text.startsWith(candidate, at));
    if (token) return { token, at };
  }
  return undefined;
}
