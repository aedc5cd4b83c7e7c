import type { ServerResponse } from 'node:http';
import type { ResponseHead } from '../lambda/runtime/function-url.ts';
import type { OpenStream, ResponseStream } from '../lambda/runtime/response-stream.ts';

/**
 * Opens a ServerResponse for an event stream: its head is sent, and each chunk goes to the socket with its framing
 * (https://www.rfc-editor.org/rfc/rfc9112#section-7.1) as one piece. ServerResponse itself makes four of it, the
 * length, two ends of lines and the chunk, which costs more than anything that the gateway does with an event
 * (docs/performance.md). The head and the end of the body are Node's own.
 */
export const openChunked: OpenStream = (stream, head) => {
  const response = stream as unknown as ServerResponse;
  if (!isChunked(response)) return plain(response, head);
  response.writeHead(head.statusCode, { ...head.headers, 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  return new ChunkedResponse(response);
};

/** HTTP/1.0 has no chunks, and a response behind another one on the same connection has no socket yet. */
const isChunked = ({ req, socket }: ServerResponse): boolean => req.httpVersion === '1.1' && socket !== null;

function plain(response: ServerResponse, { statusCode, headers }: ResponseHead): ResponseStream {
  response.writeHead(statusCode, headers);
  return response as ResponseStream;
}

/** Bytes of a chunk: to copy a longer one would cost more than to write it in four pieces. */
const longest = 4096;

class ChunkedResponse implements ResponseStream {
  readonly #response: ServerResponse;
  readonly #socket: NonNullable<ServerResponse['socket']>;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#socket = response.socket!;
  }

  write(chunk: Uint8Array | string): boolean {
    if (chunk.length === 0) return true;
    // A response that has let go of its socket, which may be another's by now, says itself what comes of the chunk.
    const isOurs = this.#response.socket === this.#socket;
    if (!isOurs || typeof chunk === 'string' || chunk.length > longest) return this.#response.write(chunk);
    return this.#socket.write(framed(chunk));
  }

  end(callback?: () => void): unknown {
    return this.#response.end(callback);
  }

  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown {
    return this.#response.on(event, listener);
  }

  /** The socket has it in either case. */
  once(event: 'drain', listener: () => void): unknown {
    return this.#socket.once(event, listener);
  }

  off(event: 'drain', listener: () => void): unknown {
    return this.#socket.off(event, listener);
  }
}

function framed(chunk: Uint8Array): Buffer {
  const length = `${chunk.length.toString(16)}\r\n`;
  const bytes = Buffer.allocUnsafe(length.length + chunk.length + 2);
  bytes.write(length, 'latin1');
  bytes.set(chunk, length.length);
  bytes.write('\r\n', length.length + chunk.length, 'latin1');
  return bytes;
}
