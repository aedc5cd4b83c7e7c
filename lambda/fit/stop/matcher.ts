/** Characters (UTF-16 units) that all sequences together may have: what is kept for them is proportional to that. */
export const longestStop = 8192;

interface Node {
  next: Map<number, Node>;
  /** The longest other beginning of a sequence that this one ends with. */
  fallback: Node | undefined;
  /** Characters of the beginning that has been read. */
  depth: number;
  /** Characters of the longest sequence that is complete here; 0: none. */
  complete: number;
}

const node = (depth: number): Node => ({ next: new Map(), fallback: undefined, depth, complete: 0 });

/**
 * All sequences as one automaton (Aho and Corasick, 1975): each character of a text is looked at once, however many
 * sequences there are and however the text is cut into fragments.
 */
export function automatonOf(sequences: readonly string[]): Node {
  const root = node(0);
  for (const sequence of sequences) {
    let at = root;
    for (let i = 0; i < sequence.length; i += 1) {
      const code = sequence.charCodeAt(i);
      let child = at.next.get(code);
      if (!child) {
        child = node(i + 1);
        at.next.set(code, child);
      }
      at = child;
    }
    at.complete = at.depth;
  }
  linkFallbacks(root);
  return root;
}

/** Shorter beginnings first, because the fallback of each is found through its parent's. */
function linkFallbacks(root: Node): void {
  const queue = [root];
  for (const parent of queue) {
    for (const [code, child] of parent.next) {
      child.fallback = parent === root ? root : step(parent.fallback ?? root, code);
      child.complete ||= child.fallback.complete;
      queue.push(child);
    }
  }
}

function step(from: Node, code: number): Node {
  let at: Node | undefined = from;
  while (at) {
    const next = at.next.get(code);
    if (next) return next;
    if (!at.fallback) return at;
    at = at.fallback;
  }
  return from;
}

/** Reads one text in fragments, and finds the stop sequence that is complete first. */
export class StopMatcher {
  #state: Node;
  /** The end of what was read, which may be the beginning of a sequence. */
  #held = '';

  constructor(automaton: Node) {
    this.#state = automaton;
  }

  /** The text that is certain to come before any sequence; `sequence`: the one that follows it, and nothing after that. */
  push(fragment: string): { text: string; sequence?: string } {
    const text = this.#held + fragment;
    for (let i = this.#held.length; i < text.length; i += 1) {
      this.#state = step(this.#state, text.charCodeAt(i));
      if (this.#state.complete === 0) continue;
      const begin = i + 1 - this.#state.complete;
      return { text: text.slice(0, begin), sequence: text.slice(begin, i + 1) };
    }
    const certain = text.length - this.#state.depth;
    this.#held = text.slice(certain);
    return { text: text.slice(0, certain) };
  }

  /** The text has ended: what was held is text. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
