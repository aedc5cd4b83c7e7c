import { isObject, list, parseJson } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { Fields } from '../shared/json.ts';
import { said, withHead } from './native-response.ts';
import type { AnswerHead, Rendering } from './rendering.ts';

/** Frames the chunks of a model that spoke Chat Completions: they go on as they came, under the client's name of it. */
export class NativeChunks {
  readonly #head: AnswerHead;
  readonly #rendering: Rendering;
  readonly #includeUsage: boolean;

  constructor(head: AnswerHead, rendering: Rendering, includeUsage: boolean) {
    this.#head = head;
    this.#rendering = rendering;
    this.#includeUsage = includeUsage;
  }

  push(batch: readonly NativeEvent[]): string {
    let out = '';
    for (const { json } of batch) out += this.#chunk(parseJson(json)?.value);
    return out;
  }

  /** The counts have been asked for in any case; this client gets them where it has. */
  #chunk(chunk: unknown): string {
    if (!isObject(chunk)) return '';
    const { usage, ...rest } = chunk;
    const choices = list(chunk.choices).map((choice) => this.#choice(choice));
    if (choices.length === 0 && !(this.#includeUsage && isObject(usage))) return '';
    const shown = {
      ...withHead(rest, this.#head),
      choices,
      ...(this.#includeUsage && { usage: usage ?? null }),
    };
    return `data: ${JSON.stringify(shown)}\n\n`;
  }

  #choice({ delta, ...choice }: Fields): Fields {
    return { ...choice, delta: isObject(delta) ? said(delta, this.#head, this.#rendering) : {} };
  }
}
