import { isObject, parseJson } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { AnswerHead } from '../api.ts';
import { CarryingCalls } from './native-calls.ts';
import { type NativeRendering, withHead } from './native-response.ts';

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
  readonly #rendering: NativeRendering;
  readonly #calls: CarryingCalls;
  /** The gateway has said itself that the response was created. */
  readonly #hasBegun: boolean;
  /** What is to be added to the model's numbers. */
  #shift: number;
  /** The number of the next event. */
  #next: number;
  readonly #items: JsonObject[] = [];
  #hasFailed = false;

  constructor(head: Pick<AnswerHead, 'requestId' | 'model'>, rendering: NativeRendering, sent: number) {
    this.#calls = new CarryingCalls(head.model, rendering);
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
    const isRead = this.#shift !== 0 || lifecycle.has(type) || type.startsWith('response.output_item.');
    return `event: ${type}\ndata: ${isRead ? this.#rewritten(json) : json}\n\n`;
  }

  #rewritten(json: string): string {
    const event = parseJson(json)?.value;
    if (!isObject(event)) return json;
    const { type, response, sequence_number: number } = event;
    const item = isObject(event.item)
      ? this.#item(event.item as JsonObject, type === 'response.output_item.done')
      : event.item;
    if (this.#shift === 0 && !isObject(response) && item === event.item) return json;
    return JSON.stringify({
      ...event,
      ...(item !== undefined && { item }),
      ...(typeof number === 'number' && { sequence_number: number + this.#shift }),
      ...(isObject(response) && { response: this.#response(response as JsonObject) }),
    });
  }

  #item(given: JsonObject, isDone: boolean): JsonObject {
    if (!isDone) return this.#calls.rendered(given);
    const item = this.#calls.finished(given);
    this.#items.push(item);
    return item;
  }

  #response(given: JsonObject): JsonObject {
    const response = withHead(given, this.#head, this.#rendering);
    const { output } = response;
    if (!Array.isArray(output)) return response;
    const items = output.map((item) => (isObject(item) ? this.#calls.rendered(item as JsonObject) : item));
    return { ...response, output: items };
  }
}
