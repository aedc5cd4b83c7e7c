import { isObject, parseJson } from '../../../canonical/json.ts';
import type { NativeEvent } from '../../../canonical/native.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import type { StreamEncoder } from '../../api.ts';
import type { StoredCall } from './stored-call.ts';

/** A model's own events after which nothing comes, when all went well. */
const ends: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);

/** Encodes an answer that is stored before its last event goes out, which therefore says the truth about it. */
export class StoredEncoder implements StreamEncoder {
  readonly #encoder: StreamEncoder;
  readonly #call: StoredCall;
  #end: NativeEvent | undefined;
  #hasEnded = false;

  constructor(encoder: StreamEncoder, call: StoredCall) {
    this.#encoder = encoder;
    this.#call = call;
  }

  open(model: string): string {
    return this.#encoder.open(model);
  }

  push(...batch: Parameters<StreamEncoder['push']>): string {
    return this.#encoder.push(...batch);
  }

  pushNative(batch: readonly NativeEvent[]): string {
    this.#end = batch.find(({ type }) => ends.has(type)) ?? this.#end;
    const others = batch.filter(({ type }) => !ends.has(type));
    return others.length > 0 ? (this.#encoder.pushNative?.(others) ?? '') : '';
  }

  end(): string {
    this.#hasEnded = true;
    return '';
  }

  /** The last event, after the answer has been stored or could not be. Never rejects. */
  async last(): Promise<string> {
    const text = (this.#end && this.#encoder.pushNative?.([this.#end])) ?? this.#encoder.end();
    const [, type = '', json = ''] = /^event: (\S+)\ndata: ([^\n]*)\n\n$/.exec(text) ?? [];
    const event = parseJson(json)?.value;
    if (!isObject(event) || !isObject(event.response)) return text;
    const warning = await this.#call.save(event.response as JsonObject);
    if (warning === undefined) return text;
    const response = unstored(event.response as JsonObject, warning);
    return `event: ${type}\ndata: ${JSON.stringify({ ...event, response })}\n\n`;
  }

  fail(...error: Parameters<StreamEncoder['fail']>): string {
    return this.#encoder.fail(...error);
  }

  /** While the answer is being stored, its last event has its number already. */
  heartbeat(): string {
    return this.#hasEnded ? ': \n\n' : this.#encoder.heartbeat();
  }
}

/** A response that was to be stored and is not. */
export function unstored(response: JsonObject, warning: string): JsonObject {
  const { bedrock } = response;
  return { ...response, store: false, bedrock: { ...(isObject(bedrock) && bedrock), warnings: [warning] } };
}
