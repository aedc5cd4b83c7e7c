import { invalid } from '../error.ts';

const token = /\s*(?:([A-Za-z_][\w]*)|(#[\w]+)|(:[\w]+)|(<>|<=|>=|[=<>(),+\-.[\]]|\d+))/y;

/** The tokens of one expression, to be taken one after the other. `kind`: as messages call it. */
export class Tokens {
  readonly kind: string;
  readonly #text: string;
  readonly #tokens: { text: string; at: number }[] = [];
  #next = 0;

  constructor(kind: string, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text.trim() === '') throw invalid(`Invalid ${kind}: The expression can not be empty;`);
    if (Buffer.byteLength(text) > 4096)
      throw invalid(
        `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
      );
    token.lastIndex = 0;
    for (let at = 0; at < text.trimEnd().length; at = token.lastIndex) {
      const match = token.exec(text);
      if (!match) {
        const rest = text.slice(at).trimStart();
        throw this.#syntax(rest.slice(0, 1), text.length - rest.length);
      }
      const word = match[0].trimStart();
      this.#tokens.push({ text: word, at: token.lastIndex - word.length });
    }
  }

  get peek(): string | undefined {
    return this.#tokens[this.#next]?.text;
  }

  get following(): string | undefined {
    return this.#tokens[this.#next + 1]?.text;
  }

  take(): string {
    const taken = this.peek;
    if (taken === undefined) throw this.unexpected();
    this.#next += 1;
    return taken;
  }

  /** Whether the next one is this word or sign, which is taken then. */
  takes(text: string): boolean {
    if (this.peek?.toUpperCase() !== text) return false;
    this.#next += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  end(): void {
    if (this.peek !== undefined) throw this.unexpected();
  }

  unexpected() {
    const { text = '<EOF>', at = this.#text.length } = this.#tokens[this.#next] ?? {};
    return this.#syntax(text, at);
  }

  invalid(message: string) {
    return invalid(`Invalid ${this.kind}: ${message}`);
  }

  #syntax(text: string, at: number) {
    const before = this.#tokens.findLast((each) => each.at < at);
    const from = before?.at ?? 0;
    const near = this.#text.slice(from, at + text.length + 8).trim();
    return this.invalid(`Syntax error; token: "${text}", near: "${near}"`);
  }
}
