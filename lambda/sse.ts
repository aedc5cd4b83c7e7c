/**
 * Server-sent events as a Response. Each item of `events` goes out as one write, as soon as it is there;
 * the next is asked for when the client has room for it, so back-pressure reaches Bedrock's socket.
 *
 * `events` must not throw: once the status is sent, a failure is an event like any other.
 */
export interface SseOptions {
  headers?: Record<string, string>;
  /** Milliseconds of silence after which a comment keeps idle connections open. */
  heartbeatMs: number;
  /** Called when the last byte has been taken (true), or when the client has gone before that (false). */
  onEnd(complete: boolean): void;
}

// Comments are skipped by every client tried (Codex, Copilot, AI SDK, LangChain, openai-python).
const heartbeat = new TextEncoder().encode(': keep-alive\n\n');

export function sseResponse(
  events: AsyncIterable<string>,
  { headers, heartbeatMs, onEnd }: SseOptions,
): Response {
  const iterator = events[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let quiet = true;
  let timer: NodeJS.Timeout | undefined;
  const end = (complete: boolean) => {
    clearInterval(timer);
    onEnd(complete);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => {
        if (quiet && (controller.desiredSize ?? 0) > 0) controller.enqueue(heartbeat);
        quiet = true;
      }, heartbeatMs);
    },
    async pull(controller) {
      const { value, done } = await iterator.next();
      quiet = false;
      if (!done) return controller.enqueue(encoder.encode(value));
      end(true);
      controller.close();
    },
    async cancel() {
      end(false);
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
}
