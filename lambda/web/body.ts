import { PullStream } from '../streams/readable.ts';
import { single } from '../streams/source.ts';
import { refuseMembers } from './missing.ts';

/** A ReadableStream, or what stands in for one. */
type Stream = Pick<PullStream, 'getReader' | 'locked'> & AsyncIterable<Uint8Array>;
export type BodyInit = string | Uint8Array | Stream | null | undefined;

/** What a Request and a Response have in common. A body that is not a stream becomes one only when asked for. */
export class Body {
  #source: BodyInit;
  #used = false;

  constructor(source: BodyInit) {
    this.#source = source;
  }

  get body(): Stream | null {
    const source = this.#source;
    if (source === null || source === undefined) return null;
    if (isStream(source)) return source;
    const stream = streamOf(bytesOf(source));
    this.#source = stream;
    return stream;
  }

  get bodyUsed(): boolean {
    return this.#used || (isStream(this.#source) && this.#source.locked);
  }

  async bytes(): Promise<Uint8Array> {
    if (this.bodyUsed) throw new TypeError('Body is unusable: it has been read');
    const source = this.#source;
    if (source === null || source === undefined) return new Uint8Array();
    this.#used = true;
    if (!isStream(source)) return bytesOf(source);
    const parts: Uint8Array[] = [];
    for await (const part of source) parts.push(part);
    return Buffer.concat(parts);
  }

  /** UTF-8, without a byte order mark: https://encoding.spec.whatwg.org/#utf-8-decode */
  async text(): Promise<string> {
    const bytes = await this.bytes();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

refuseMembers(Body.prototype, 'Body', ['arrayBuffer', 'blob', 'formData']);

function isStream(source: BodyInit): source is Stream {
  return typeof source === 'object' && source !== null && 'getReader' in source;
}

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? Buffer.from(source) : source;
}

function streamOf(bytes: Uint8Array): PullStream {
  const source = single(bytes);
  if (bytes.length === 0) source.cancel();
  return new PullStream(source);
}
