import type { Calls } from './types.ts';

/** Marks around what other people wrote, with a word that nobody can have known before this request. */
export class Material {
  readonly #word: string;

  constructor(calls: Pick<Calls, 'random'>) {
    this.#word = Math.floor(calls.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  }

  /** One piece; `what` is a word such as `candidate`. */
  piece(what: string, text: string, number?: number): string {
    const label = number === undefined ? '' : ` ${number}`;
    return `<${what}-${this.#word}${label}>\n${text}\n</${what}-${this.#word}${label}>`;
  }

  /** Several pieces, numbered from 1. */
  pieces(what: string, texts: readonly string[]): string {
    return texts.map((text, i) => this.piece(what, text, i + 1)).join('\n\n');
  }
}

/** The numbers 0 to n-1 in a random order: who compares several prefers those at certain places. */
export function shuffled(n: number, calls: Pick<Calls, 'random'>): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(calls.random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
