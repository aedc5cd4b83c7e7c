import { copyBody } from './copy-body.ts';
import { type ResponseHead, toResponseHead } from './function-url.ts';

/** The stream that the runtime hands to a handler: a request to the runtime API that looks like a Writable. */
export interface ResponseStream {
  write(chunk: Uint8Array | string): boolean;
  end(callback?: () => void): unknown;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/** The runtime's `awslambda.HttpResponseStream.from`. */
export type OpenStream = (stream: ResponseStream, head: ResponseHead) => ResponseStream;

export interface SendOptions {
  open: OpenStream;
  /** When aborted, the source is cancelled and the rest is left out. */
  stop: AbortSignal;
  /** What an event stream ends with when its source has failed. */
  failureEvent?: ((error: unknown) => string) | undefined;
}

/**
 * Writes a Response to Lambda's stream and ends it. Resolves with the error that the body's source failed
 * with, if it did, and never rejects.
 *
 * Not `stream.pipeline`: it destroys the stream when the source fails, and the runtime client (aws-lambda-ric
 * 4.0.2) then exits with an unhandled rejection before anything could be sent to the client.
 */
export async function sendResponse(
  response: Response,
  raw: ResponseStream,
  { open, stop, failureEvent }: SendOptions,
): Promise<{ failure?: unknown }> {
  const stream = open(raw, toResponseHead(response));
  // The head goes out with the first write, and an empty body has none
  // (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/95).
  stream.write('');
  const copied = response.body ? copyBody(response.body, stream, stop) : Promise.resolve();
  const result = await copied.then(
    () => ({}),
    (failure: unknown) => ({ failure }),
  );
  if ('failure' in result && failureEvent && isEventStream(response)) {
    stream.write(failureEvent(result.failure));
  }
  await finish(stream, stop);
  return result;
}

/** Resolves when the last byte has left. A stream that has been stopped is ended, but not waited for. */
function finish(stream: ResponseStream, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
    stream.end(resolve);
    if (stop.aborted) resolve();
  });
}

export function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}
