/** Writes a text for a part of a pattern; `extra`: repetitions beyond the least, where the pattern allows them. */
type Writer = (extra: number) => string;

/** The most that a quantifier is made to repeat. */
const most = 1000;

/**
 * Texts for a regular expression, the shortest first and then longer ones: alternatives by their first branch,
 * classes by their first character. Assertions that look around are passed over, so not every text need match.
 */
export function* textsFor(pattern: string, longest: number): Generator<string> {
  const parser = new PatternParser(pattern);
  for (const write of parser.alternatives()) {
    let last: string | undefined;
    for (let extra = 0; extra <= Math.min(longest, most); extra += 1) {
      const text = write(extra);
      if (text === last) break;
      yield text;
      last = text;
    }
  }
}

class PatternParser {
  readonly #source: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#source = [...pattern];
  }

  /** One writer for each alternative of the whole. */
  alternatives(): Writer[] {
    const writers = [this.#sequence()];
    while (this.#take('|')) writers.push(this.#sequence());
    return writers;
  }

  #sequence(): Writer {
    const parts: Writer[] = [];
    while (this.#at < this.#source.length && !['|', ')'].includes(this.#peek())) {
      const atom = this.#atom();
      parts.push(this.#quantified(atom));
    }
    return (extra) => parts.map((part) => part(extra)).join('');
  }

  #atom(): Writer {
    const character = this.#next();
    switch (character) {
      case '^':
      case '$':
        return () => '';
      case '.':
        return () => 'a';
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      default:
        return () => character;
    }
  }

  #group(): Writer {
    let silent = false;
    if (this.#take('?')) {
      const kind = this.#next();
      const named = kind === '<' && !['=', '!'].includes(this.#peek());
      if (named) while (this.#at < this.#source.length && this.#next() !== '>');
      else silent = kind !== ':';
    }
    const [first = () => ''] = this.alternatives();
    this.#take(')');
    return silent ? () => '' : first;
  }

  #class(): Writer {
    const negated = this.#take('^');
    const members: string[] = [];
    while (this.#at < this.#source.length && this.#peek() !== ']') {
      const character = this.#next();
      const member = character === '\\' ? this.#escape()(0) : character;
      // A range is named by its first character; its last is passed over.
      if (this.#peek() === '-' && this.#source[this.#at + 1] !== ']') {
        this.#next();
        const end = this.#next() === '\\' ? this.#escape()(0) : this.#source[this.#at - 1]!;
        members.push(...range(member, end));
      } else members.push(member);
    }
    this.#take(']');
    const found = negated
      ? outside(members)
      : (members.find((member) => /[a-z]/i.test(member)) ?? members[0]);
    return () => found ?? '';
  }

  #escape(): Writer {
    const character = this.#next();
    const code = { u: 4, x: 2 }[character];
    if (character === 'p' || character === 'P') return this.#property(character === 'P');
    if (code !== undefined) return this.#codePoint(code);
    const text = escapes[character] ?? character;
    return () => text;
  }

  #property(negated: boolean): Writer {
    let name = '';
    if (this.#take('{')) while (this.#at < this.#source.length && !this.#take('}')) name += this.#next();
    const text = negated
      ? '-'
      : name.startsWith('N')
        ? '1'
        : name.startsWith('P')
          ? '.'
          : /Lu|Upper/.test(name)
            ? 'A'
            : 'a';
    return () => text;
  }

  #codePoint(digits: number): Writer {
    let hex = '';
    if (this.#take('{')) while (this.#at < this.#source.length && !this.#take('}')) hex += this.#next();
    else for (let n = 0; n < digits; n += 1) hex += this.#next();
    const code = Number.parseInt(hex, 16);
    return () => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
  }

  #quantified(atom: Writer): Writer {
    const [least, largest] = this.#bounds();
    this.#take('?');
    return (extra) => {
      const count = Math.min(least + extra, largest, most);
      return Array.from({ length: count }, (_, i) => atom(i < least ? extra : 0)).join('');
    };
  }

  #bounds(): [number, number] {
    if (this.#take('*')) return [0, most];
    if (this.#take('+')) return [1, most];
    if (this.#take('?')) return [0, 1];
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 24).join(''));
    if (!braces) return [1, 1];
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    return [least, braces[2] === undefined ? least : braces[3] ? Number(braces[3]) : most];
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #next(): string {
    return this.#source[this.#at++] ?? '';
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  D: 'a',
  w: 'a',
  W: '-',
  s: ' ',
  S: 'a',
  b: '',
  B: '',
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  0: '\0',
};

/** A few characters of a range: enough to find a letter. */
function range(first: string, last: string): string[] {
  const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  const length = Math.max(1, Math.min(to - from + 1, 128));
  return Array.from({ length }, (_, i) => String.fromCodePoint(from + i));
}

const outside = (members: readonly string[]): string | undefined =>
  ['a', 'b', 'A', '1', '-', ' ', '_', '.', 'é'].find((candidate) => !members.includes(candidate));
