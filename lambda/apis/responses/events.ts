import { isPlain } from '../shared/plain-json.ts';

/** Renders what happens to an answer, where anybody watches it. */
export interface Events {
  event(type: string, fields: object): string;
  /** Renders deltas of one text, which come often: what does not change is serialised once. */
  deltas(type: string, fields: object): (delta: string) => string;
}

/** The events of one stream: typed records, numbered from 0 without gaps. */
export class NumberedEvents implements Events {
  #next = 0;

  event(type: string, fields: object): string {
    const data = JSON.stringify({ type, sequence_number: this.#next++, ...fields });
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  deltas(type: string, fields: object): (delta: string) => string {
    const fixed = JSON.stringify({ type, ...fields });
    const head = `event: ${type}\ndata: ${fixed.slice(0, -1)},"sequence_number":`;
    return (delta) =>
      `${head}${this.#next++},"delta":${isPlain(delta) ? `"${delta}"` : JSON.stringify(delta)}}\n\n`;
  }
}

/** Of an answer that nobody sees before it is whole. */
export const noEvents: Events = { event: () => '', deltas: () => () => '' };
