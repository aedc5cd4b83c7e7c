const open = '<reasoning>';
const close = '</reasoning>';

/** What the model thought and what it says, out of one text. */
export interface Split {
  reasoning: string;
  content: string;
}

/**
 * gpt-oss writes what it thought in front of its answer, as `<reasoning>…</reasoning>` (BerriAI/litellm 1.110.2): pieces
 * of a text go in, cut anywhere; what comes out is each piece's part of both. A text that does not begin with the tag is
 * an answer as a whole, whatever stands in it later.
 */
export class TaggedReasoning {
  #state: 'start' | 'inside' | 'answer' = 'start';
  /** What may be the beginning of a tag. */
  #held = '';

  push(piece: string): Split {
    const text = this.#held + piece;
    this.#held = '';
    if (this.#state === 'start') return this.#begin(text);
    return this.#state === 'inside' ? this.#think(text) : { reasoning: '', content: text };
  }

  /** What was held back, where the text ends within a tag. */
  end(): Split {
    const held = this.#held;
    this.#held = '';
    return this.#state === 'inside' ? { reasoning: held, content: '' } : { reasoning: '', content: held };
  }

  #begin(text: string): Split {
    if (text.startsWith(open)) {
      this.#state = 'inside';
      return this.#think(text.slice(open.length));
    }
    if (open.startsWith(text)) {
      this.#held = text;
      return { reasoning: '', content: '' };
    }
    this.#state = 'answer';
    return { reasoning: '', content: text };
  }

  #think(text: string): Split {
    const end = text.indexOf(close);
    if (end >= 0) {
      this.#state = 'answer';
      return { reasoning: text.slice(0, end), content: text.slice(end + close.length) };
    }
    const kept = text.length - lengthOfBegun(text);
    this.#held = text.slice(kept);
    return { reasoning: text.slice(0, kept), content: '' };
  }
}

/** The same for a whole text. */
export function splitReasoning(text: string): Split {
  const splitting = new TaggedReasoning();
  const [said, rest] = [splitting.push(text), splitting.end()];
  return { reasoning: said.reasoning + rest.reasoning, content: said.content + rest.content };
}

/** How many characters at the end may be the beginning of the closing tag. */
function lengthOfBegun(text: string): number {
  for (let length = Math.min(text.length, close.length - 1); length > 0; length -= 1)
    if (text.endsWith(close.slice(0, length))) return length;
  return 0;
}
