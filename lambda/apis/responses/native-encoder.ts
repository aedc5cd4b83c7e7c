import { isObject, parseJson } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { AnswerHead } from '../api.ts';
import { nativeResponse } from './native-response.ts';
import type { Rendering } from './rendering.ts';

/** They hold the whole response. */
const lifecycle: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
]);
const beginning: ReadonlySet<string> = new Set(['response.created', 'response.in_progress']);

/**
 * Frames the events of a model that spoke Responses: they go on as they came but for the response's id and the model's
 * name. Their numbers change only where events of the gateway's own stand between them.
 */
export class NativeEncoder {
  readonly #head: Pick<AnswerHead, 'requestId' | 'model'>;
  readonly #rendering: Pick<Rendering, 'echo'>;
  /** The gateway has said itself that the response was created. */
  readonly #hasBegun: boolean;
  /** What is to be added to the model's numbers. */
  #shift: number;
  /** The number of the next event. */
  #next: number;
  readonly #items: JsonObject[] = [];
  #hasFailed = false;

  constructor(
    head: Pick<AnswerHead, 'requestId' | 'model'>,
    rendering: Pick<Rendering, 'echo'>,
    sent: number,
  ) {
    this.#head = head;
    this.#rendering = rendering;
    this.#shift = sent;
    this.#next = sent;
    this.#hasBegun = sent > 0;
  }

  /** Items that the model has finished, for a failure that it does not report itself. */
  get items(): JsonObject[] {
    return this.#items;
  }

  /** The model has reported that it failed: nothing follows. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  push(batch: readonly NativeEvent[]): string {
    let out = '';
    for (const event of batch) out += this.#render(event);
    return out;
  }

  /** An event of the gateway's own, which takes the next number. */
  own(type: string, fields: object): string {
    const data = JSON.stringify({ type, sequence_number: this.#next, ...fields });
    this.#shift += 1;
    this.#next += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  #render({ type, json }: NativeEvent): string {
    if (this.#hasBegun && beginning.has(type)) {
      this.#shift -= 1;
      return '';
    }
    this.#hasFailed = type === 'response.failed';
    this.#next += 1;
    const isRead = this.#shift !== 0 || lifecycle.has(type) || type === 'response.output_item.done';
    return `event: ${type}\ndata: ${isRead ? this.#rewritten(json) : json}\n\n`;
  }

  #rewritten(json: string): string {
    const event = parseJson(json)?.value;
    if (!isObject(event)) return json;
    const { type, response, item, sequence_number: number } = event;
    if (type === 'response.output_item.done' && isObject(item)) this.#items.push(item as JsonObject);
    if (this.#shift === 0 && !isObject(response)) return json;
    return JSON.stringify({
      ...event,
      ...(typeof number === 'number' && { sequence_number: number + this.#shift }),
      ...(isObject(response) && {
        response: nativeResponse(response as JsonObject, this.#head, this.#rendering),
      }),
    });
  }
}
