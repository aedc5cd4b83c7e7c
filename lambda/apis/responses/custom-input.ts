import { customInput } from '../openai/custom-tool.ts';

/** How the JSON begins in which models wrap the input of a custom tool. */
const wrapping = /^\s*\{\s*"input"\s*:\s*"/;
/** Characters after which it will not begin so any more. */
const wrappingLength = 64;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/**
 * Takes the plain input of a custom tool's call out of the JSON that it is wrapped in, while it streams: a patch is
 * long, and clients show it as it grows. JSON of another form is waited for until its end. What was cut off is the input
 * as far as it goes.
 */
export class CustomInput {
  #state: 'before' | 'inside' | 'after' | 'other' = 'before';
  /** All before the input, or of JSON of another form. */
  #before = '';
  /** The beginning of an escape, or half of a character. */
  #rest = '';

  /** What the next fragment adds to the input. */
  add(fragment: string): string {
    if (this.#state === 'inside') return this.#unescape(fragment);
    if (this.#state === 'after') return '';
    this.#before += fragment;
    if (this.#state === 'other') return '';
    const [start] = wrapping.exec(this.#before.slice(0, wrappingLength)) ?? [];
    if (start === undefined) {
      if (this.#before.length >= wrappingLength) this.#state = 'other';
      return '';
    }
    this.#state = 'inside';
    return this.#unescape(this.#before.slice(start.length));
  }

  /** What is still to be added when no fragment follows. */
  end(): string {
    const state = this.#state;
    this.#state = 'after';
    if (state === 'after') return '';
    // Half of an escape is nothing; half of a character stays what it is.
    if (state === 'inside') return this.#rest.startsWith('\\') ? '' : this.#rest.slice(0, 1);
    return /^\s*(\{\s*\}\s*)?$/.test(this.#before.slice(0, wrappingLength)) ? '' : customInput(this.#before);
  }

  #unescape(fragment: string): string {
    const text = this.#rest + fragment;
    const marks = /["\\]/g;
    let out = '';
    let from = 0;
    for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
      out += text.slice(from, mark.index);
      if (mark[0] === '"') {
        this.#state = 'after';
        return out;
      }
      from = mark.index + (text[mark.index + 1] === 'u' ? 6 : 2);
      if (from > text.length) {
        this.#rest = text.slice(mark.index);
        return this.#whole(out);
      }
      out += unescaped(text.slice(mark.index, from));
      marks.lastIndex = from;
    }
    this.#rest = '';
    return this.#whole(out + text.slice(from));
  }

  /** Half of a surrogate pair waits for the other: some clients put bytes together, not characters. */
  #whole(text: string): string {
    const last = text.charCodeAt(text.length - 1);
    if (!(last >= 0xd800 && last <= 0xdbff)) return text;
    this.#rest = text.slice(-1) + this.#rest;
    return text.slice(0, -1);
  }
}

/** What JSON knows no escape for stays as it is. */
function unescaped(sequence: string): string {
  if (sequence[1] === 'u') {
    const code = /^\\u([0-9a-fA-F]{4})$/.exec(sequence)?.[1];
    return code === undefined ? sequence : String.fromCharCode(Number.parseInt(code, 16));
  }
  const second = sequence[1] ?? '';
  return escapes[second] ?? (/["\\/]/.test(second) ? second : sequence);
}
