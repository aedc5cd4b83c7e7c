import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResponseHead } from '../../lambda/runtime/function-url.ts';
import { accept } from '../e2e/answer.ts';
import type { AnswerReceiver } from '../e2e/runtime-api.ts';

/** Stands between the head of an answer and its body. */
const delimiter = Buffer.alloc(8);

/** What happens to the function while it answers. */
export interface RelayEvents {
  onBegin(): void;
  /** The answer has ended, well or not. */
  onEnd(): void;
}

/**
 * Passes an answer on to a client, each chunk as it comes. A client that has left changes nothing for the function:
 * its answer runs to its end, as on Lambda (https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html).
 */
export class Relay implements AnswerReceiver {
  readonly #client: ServerResponse;
  readonly #events: RelayEvents;
  #head = Buffer.alloc(0);
  #ended = false;

  constructor(client: ServerResponse, events: RelayEvents) {
    this.#client = client;
    this.#events = events;
  }

  begin(): void {
    this.#events.onBegin();
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const resume = () => request.resume();
    this.#client.on('drain', resume).on('close', resume);
    request.on('data', (chunk: Buffer) => {
      if (!this.#pass(chunk) && !this.#client.closed) request.pause();
    });
    request.on('end', () => {
      accept(response);
      const failed = 'lambda-runtime-function-error-type' in request.trailers;
      this.#end(failed || !this.#client.headersSent);
    });
    // The function's process has died within its answer.
    request.on('error', () => this.#end(true));
  }

  refuse(): void {
    this.#end(true);
  }

  /** Whether there is room for more. */
  #pass(chunk: Buffer): boolean {
    if (this.#client.headersSent) return this.#client.write(chunk);
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(delimiter);
    if (end === -1) return true;
    const { statusCode, headers, cookies }: ResponseHead = JSON.parse(this.#head.toString('utf8', 0, end));
    this.#client.writeHead(statusCode, { ...headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) });
    this.#client.flushHeaders();
    const rest = this.#head.subarray(end + delimiter.length);
    return rest.length === 0 || this.#client.write(rest);
  }

  /**
   * What the function logged before its last byte is in a pipe by then. It is read in this turn of the event loop, so
   * that a client which has the whole answer finds the log complete.
   */
  #end(failed: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    setImmediate(() => {
      this.#events.onEnd();
      if (!failed) this.#client.end();
      else if (this.#client.headersSent) this.#client.destroy();
      else this.#client.writeHead(502, { 'content-type': 'text/plain' }).end('Internal Server Error');
    });
  }
}
