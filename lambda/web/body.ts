import { ReadableStream } from './readable-stream.ts';

export type BodyInit = string | Uint8Array | ReadableStream<Uint8Array> | null | undefined;

/** What a Request and a Response have in common. A body that is not a stream becomes one only when asked for. */
export class Body {
  #source: BodyInit;
  #used = false;

  constructor(source: BodyInit) {
    this.#source = source;
  }

  get body(): ReadableStream<Uint8Array> | null {
    const source = this.#source;
    if (source === null || source === undefined) return null;
    if (source instanceof ReadableStream) return source;
    this.#source = streamOf(bytesOf(source));
    return this.#source;
  }

  get bodyUsed(): boolean {
    return this.#used || (this.#source instanceof ReadableStream && this.#source.locked);
  }

  async bytes(): Promise<Uint8Array> {
    if (this.bodyUsed) throw new TypeError('Body is unusable: it has been read');
    const source = this.#source;
    if (source === null || source === undefined) return new Uint8Array();
    this.#used = true;
    if (!(source instanceof ReadableStream)) return bytesOf(source);
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

  async arrayBuffer(): Promise<ArrayBufferLike> {
    return new Uint8Array(await this.bytes()).buffer;
  }
}

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? Buffer.from(source) : source;
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
