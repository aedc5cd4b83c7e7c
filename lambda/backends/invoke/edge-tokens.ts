/** What older imports put around their text (LiteLLM strips the same), and the literal that ends Writer's streams. */
const headers = [
  '<|im_start|>assistant\n',
  '<|start_header_id|>assistant<|end_header_id|>\n\n',
  '<|header_start|>assistant<|header_end|>\n\n',
  '<｜Assistant｜>',
];
const ends = [
  '<|im_end|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|eot|>',
  '</s>',
  '<｜end▁of▁sentence｜>',
  '[DONE]',
];

/**
 * Takes control tokens off both edges of an answer, and only there: what looks like one in the middle is the
 * model's text. Holds back no more than what may still turn out to be a token.
 */
export class EdgeTokens {
  readonly #trimStart: boolean;
  #started = false;
  #held = '';

  /** `trimStart`: white space before the first word goes too, as after a prompt that ends with `[/INST]`. */
  constructor(trimStart: boolean) {
    this.#trimStart = trimStart;
  }

  push(text: string): string {
    this.#held += text;
    if (!this.#started) this.#start();
    if (!this.#started) return '';
    const edge = edgeStart(this.#held);
    const ready = this.#held.slice(0, edge);
    this.#held = this.#held.slice(edge);
    return ready;
  }

  /** What was held back and is no token after all. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return withoutEnds(rest);
  }

  #start(): void {
    if (this.#trimStart) this.#held = this.#held.trimStart();
    const header = headers.find((token) => this.#held.startsWith(token));
    if (header) this.#held = this.#held.slice(header.length);
    if (header && this.#trimStart) this.#held = this.#held.trimStart();
    this.#started = this.#held !== '' && !headers.some((token) => token.startsWith(this.#held));
  }
}

/** Where the text begins to be nothing but end tokens, the last one perhaps incomplete. */
function edgeStart(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if ((text[at] === '<' || text[at] === '[') && mayEnd(text.slice(at))) return at;
  }
  return text.length;
}

function mayEnd(text: string): boolean {
  const rest = withoutEnds(text);
  return rest === '' || ends.some((token) => token.startsWith(rest));
}

function withoutEnds(text: string): string {
  const token = ends.find((each) => text.startsWith(each));
  return token ? withoutEnds(text.slice(token.length).trimStart()) : text;
}
