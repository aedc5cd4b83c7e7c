import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResponseHead } from '../../lambda/runtime/function-url.ts';

const delimiter = Buffer.alloc(8);

/** One invocation's answer, as the runtime API receives it. */
export class Answer {
  readonly #changed = new EventEmitter();
  #request: IncomingMessage | undefined;
  #bytes = Buffer.alloc(0);
  #ended = false;
  #refused: unknown;

  constructor() {
    this.#changed.setMaxListeners(0);
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request;
    request.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#changed.emit('change');
    });
    request.on('error', () => {});
    request.on('end', () => {
      this.#ended = true;
      accept(response);
      this.#changed.emit('change');
    });
  }

  /** There is no answer: the runtime said that the function failed, or died itself. */
  refuse(error: unknown): void {
    this.#refused = error;
    this.#changed.emit('change');
  }

  /** The runtime API's own socket breaks. */
  drop(): void {
    this.#request?.socket.destroy();
  }

  get headers(): IncomingMessage['headers'] {
    return this.#request?.headers ?? {};
  }

  /** Filled when the runtime reports an error at the end of the body. */
  get trailers(): IncomingMessage['trailers'] {
    return this.#request?.trailers ?? {};
  }

  get body(): string {
    const end = this.#bytes.indexOf(delimiter);
    return end === -1 ? '' : this.#bytes.subarray(end + delimiter.length).toString();
  }

  /** Status, headers and cookies, as soon as they are there. */
  async head(): Promise<ResponseHead> {
    await this.#until(() => this.#bytes.includes(delimiter));
    return JSON.parse(this.#bytes.subarray(0, this.#bytes.indexOf(delimiter)).toString());
  }

  /** The body so far, as soon as it contains this. */
  async bodyWith(text: string): Promise<string> {
    await this.#until(() => this.body.includes(text));
    return this.body;
  }

  /** The whole body. */
  async end(): Promise<string> {
    await this.#until(() => this.#ended);
    return this.body;
  }

  get ended(): boolean {
    return this.#ended;
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#refused) throw new Error(`The invocation failed: ${JSON.stringify(this.#refused)}`);
      if (this.#ended) throw new Error(`The answer ended early: ${JSON.stringify(this.#bytes.toString())}`);
      await once(this.#changed, 'change');
    }
  }
}

export function accept(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
}
