import { isObject, parseJson } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import { deltaFrame, eventFrame } from './events.ts';
import { asClientsRead } from './native-answer.ts';

/** Frames the events of a model that spoke Anthropic's API: they go on as they came, under the name that was asked for. */
export class NativeEncoder {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  push(batch: readonly NativeEvent[]): string {
    let out = '';
    for (const { type, json } of batch) {
      if (type === 'content_block_delta') out += deltaFrame(json);
      else out += eventFrame(type, type === 'message_start' ? this.#named(json) : json);
    }
    return out;
  }

  #named(json: string): string {
    const event = parseJson(json)?.value;
    if (!isObject(event) || !isObject(event.message)) return json;
    return JSON.stringify({ ...event, message: asClientsRead(event.message, this.#model) });
  }
}
