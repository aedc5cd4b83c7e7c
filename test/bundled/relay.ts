import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResponseHead } from '../../lambda/runtime/function-url.ts';
import { settlesWithin } from '../../lambda/settles-within.ts';
import { accept } from '../e2e/answer.ts';
import type { AnswerReceiver } from '../e2e/runtime-api.ts';

/** Stands between the head of an answer and its body. */
const delimiter = Buffer.alloc(8);

/** What happens to the function while it answers. */
export interface RelayEvents {
  onBegin(): void;
  /** The answer has ended, well or not. Resolves when the invocation is over too. */
  onEnd(): Promise<void>;
}

/** Milliseconds that an end is held back for an invocation that goes on after its answer. */
const holdMs = 1000;

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
   * The record of a request is written after its last byte, so the end is passed on when the invocation is over. What
   * the function logged is in a pipe by then, and read in one turn of the event loop: a client which has the whole
   * answer finds the log complete.
   */
  #end(failed: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    setImmediate(() => {
      const over = this.#events.onEnd();
      if (failed) this.#fail();
      else void settlesWithin(holdMs, over).then(() => setImmediate(() => this.#client.end()));
    });
  }

  #fail(): void {
    if (this.#client.headersSent) this.#client.destroy();
    else this.#client.writeHead(502, { 'content-type': 'text/plain' }).end('Internal Server Error');
  }
}
