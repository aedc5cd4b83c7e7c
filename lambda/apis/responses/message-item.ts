import type { Citation } from '../../canonical/types.ts';
import { type Annotation, annotationOf } from './annotations.ts';
import type { ItemStatus } from './call-items.ts';
import type { Events } from './events.ts';

export interface MessageOutput {
  id: string;
  type: 'message';
  status: ItemStatus;
  role: 'assistant';
  content: { type: 'output_text'; text: string; annotations: Annotation[]; logprobs: [] }[];
}

const textPart = (text: string, annotations: Annotation[]): MessageOutput['content'][number] => ({
  type: 'output_text',
  text,
  annotations,
  logprobs: [],
});

/** A message while the model writes it. Texts that follow each other are one. */
export class MessageItem {
  text = '';
  readonly #id: string;
  readonly #events: Events;
  readonly #place: { item_id: string; output_index: number; content_index: 0 };
  readonly #delta: (text: string) => string;
  readonly #annotations: Annotation[] = [];
  /** Citations of the block that is being written, and where its text begins: they stand behind all of it. */
  #citations: Citation[] = [];
  #blockStart = 0;

  constructor(id: string, index: number, events: Events) {
    this.#id = id;
    this.#events = events;
    this.#place = { item_id: id, output_index: index, content_index: 0 };
    this.#delta = events.deltas('response.output_text.delta', { ...this.#place, logprobs: [] });
  }

  open(): string {
    const { output_index } = this.#place;
    const item: MessageOutput = {
      id: this.#id,
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    };
    return (
      this.#events.event('response.output_item.added', { output_index, item }) +
      this.#events.event('response.content_part.added', { ...this.#place, part: textPart('', []) })
    );
  }

  add(text: string): string {
    this.text += text;
    return this.#delta(text);
  }

  cite(citation: Citation): string {
    this.#citations.push(citation);
    return '';
  }

  stopBlock(): string {
    let out = '';
    for (const citation of this.#citations) {
      const annotation = annotationOf(citation, this.#blockStart, this.text.length);
      const annotation_index = this.#annotations.push(annotation) - 1;
      const fields = { ...this.#place, annotation_index, annotation };
      out += this.#events.event('response.output_text.annotation.added', fields);
    }
    this.#citations = [];
    this.#blockStart = this.text.length;
    return out;
  }

  close(status: ItemStatus): { item: MessageOutput; out: string } {
    const cited = this.stopBlock();
    const { output_index } = this.#place;
    const part = textPart(this.text, this.#annotations);
    const item: MessageOutput = {
      id: this.#id,
      type: 'message',
      status,
      role: 'assistant',
      content: [part],
    };
    const done = { ...this.#place, text: this.text, logprobs: [] };
    return {
      item,
      out:
        cited +
        this.#events.event('response.output_text.done', done) +
        this.#events.event('response.content_part.done', { ...this.#place, part }) +
        this.#events.event('response.output_item.done', { output_index, item }),
    };
  }
}
