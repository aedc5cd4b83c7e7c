import { lexer, type Token } from 'marked';
import type { Output } from '../../io.ts';
import { blockLines, plainLines } from './blocks.ts';
import { cleanText } from './clean-text.ts';

/** Milliseconds between two drawings: what comes faster is drawn together. */
const usualDrawMs = 40;
/** A long block takes long to draw, and is drawn the less often: there must be time left for keys and for what comes. */
const restPerDraw = 4;
/** Where a terminal does not know its size, or says 0. */
const usualColumns = 80;
const usualRows = 24;

/**
 * Renders Markdown while it streams. Blocks that are complete are written for good; the one under way is drawn anew
 * as it grows, in the lowest lines of the screen. What of it leaves the screen is not drawn any more.
 */
export class MarkdownStream {
  readonly #out: Output;
  readonly #style: (line: string) => string;
  readonly #drawMs: number;
  #tail = '';
  /** Lines of the block under way that stand for good. */
  #frozen = 0;
  /** Lines that are drawn, and can be drawn anew. */
  #drawn = 0;
  /** Whether a block stands above. */
  #hasBlock = false;
  /** When the next drawing may begin, in milliseconds of `performance.now()`. */
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `style`: what every line gets besides. `drawMs`: milliseconds between two drawings; 0: each piece is drawn. */
  constructor(out: Output, style = (line: string) => line, drawMs = usualDrawMs) {
    this.#out = out;
    this.#style = style;
    this.#drawMs = drawMs;
  }

  push(text: string): void {
    this.#tail += cleanText(text);
    if (this.#timer) return;
    const wait = this.#next - performance.now();
    if (wait <= 0) this.#draw(false);
    else this.#timer = setTimeout(() => this.#draw(false), wait);
  }

  /** Writes what is left, and leaves the cursor at the beginning of a line. */
  end(): void {
    this.#draw(true);
  }

  #draw(final: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    const tokens = blocksIn(this.#tail);
    const under = final ? tokens.length : lastBlock(tokens);
    const written = tokens.slice(0, under).flatMap((token) => this.#finish(token));
    this.#tail = final ? '' : restOf(this.#tail, tokens, under);
    const live = tokens[under];
    const { top, bottom } = live ? this.#cut(this.#lines(live)) : { top: [], bottom: [] };
    this.#write([...written, ...top], bottom);
    const now = performance.now();
    const rest = this.#drawMs === 0 ? 0 : restPerDraw * (now - began);
    this.#next = Math.max(began + this.#drawMs, now + rest);
  }

  /** The lines of a complete block that do not stand there yet. */
  #finish(token: Token): string[] {
    const lines = this.#lines(token).slice(this.#frozen);
    if (token.type !== 'space') this.#hasBlock = true;
    this.#frozen = 0;
    return lines;
  }

  /** With the empty line before it. */
  #lines(token: Token): string[] {
    const lines = drawn(token, (this.#out.columns || usualColumns) - 1).map(this.#style);
    return lines.length > 0 && this.#hasBlock ? ['', ...lines] : lines;
  }

  /** What has no room on the screen stands for good. */
  #cut(lines: readonly string[]): { top: string[]; bottom: string[] } {
    const room = Math.max(1, (this.#out.rows || usualRows) - 2);
    const frozen = Math.max(this.#frozen, lines.length - room);
    const top = lines.slice(this.#frozen, frozen);
    this.#frozen = frozen;
    return { top, bottom: lines.slice(frozen) };
  }

  #write(forGood: readonly string[], live: readonly string[]): void {
    const up = this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : '';
    const erased = this.#drawn > 0 ? `\r${up}\x1b[J` : '';
    this.#drawn = live.length;
    const text = erased + forGood.map((line) => `${line}\n`).join('') + live.join('\n');
    if (text !== '') this.#out.write(text);
  }
}

/** The blocks of a text; what is nested deeper than can be followed is one, as it was written. */
function blocksIn(text: string): Token[] {
  try {
    return lexer(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ type: 'text', raw: text, text }];
  }
}

function drawn(token: Token, width: number): string[] {
  try {
    return blockLines(token, width);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return plainLines(token.raw.trimEnd(), width);
  }
}

/** The block that more text may still change: the last one that is not empty lines. */
function lastBlock(tokens: readonly Token[]): number {
  const at = tokens.findLastIndex(({ type }) => type !== 'space');
  return at < 0 ? tokens.length : at;
}

/** The text of the blocks that are not complete. */
function restOf(text: string, tokens: readonly Token[], from: number): string {
  const done = tokens.slice(0, from).reduce((length, { raw }) => length + raw.length, 0);
  return text.slice(done);
}
