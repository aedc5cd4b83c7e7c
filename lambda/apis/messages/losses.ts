/** More kinds do not fit into the header that names them. */
const mostKinds = 10;

/** What of a conversation has no form in the canonical shape, counted by kind. */
export class Losses {
  readonly #counts = new Map<string, number>();
  readonly #texts: string[] = [];

  /** One block of this kind; the kind may be a client's own word. */
  add(kind: string): void {
    const name = kind.slice(0, 64);
    const count = this.#counts.get(name) ?? 0;
    if (count > 0 || this.#counts.size < mostKinds) this.#counts.set(name, count + 1);
  }

  /** A sentence of its own. */
  say(text: string): void {
    this.#texts.push(text);
  }

  warnings(): string[] {
    const kinds = [...this.#counts].map(([kind, count]) => `${count} ${kind}`);
    const blocks =
      kinds.length > 0 ? [`blocks without a form in Converse left out: ${kinds.join(', ')}`] : [];
    return [...this.#texts, ...blocks];
  }
}
