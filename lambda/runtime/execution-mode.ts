import type { Request as MiddyRequest, PluginExecutionMode } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { InvocationState } from './invocation.ts';
import { type OpenStream, type ResponseStream, sendResponse } from './response-stream.ts';

/** The runtime's global `awslambda`. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  HttpResponseStream: { from: OpenStream };
}
type StreamingHandler = (event: unknown, stream: ResponseStream, context: Context) => Promise<void>;
type WebHandler = (event: unknown, context: Context) => Promise<Response>;

/** What middy hands to an execution mode (`node_modules/@middy/core/index.js`); its own types do not say. */
interface MiddyCore {
  middyRequest(event: unknown, context: Context): MiddyRequest;
  runRequest(request: MiddyRequest, ...rest: unknown[]): Promise<Response>;
}
interface MiddyPlugin {
  requestStart(request: MiddyRequest): void;
  requestEnd(request: MiddyRequest): unknown;
}

/**
 * A middy execution mode that streams a web Response through Lambda, and after which the process lives on
 * whatever happened: a source that fails, a runtime socket that drops, a handler that rejects or never ends.
 * `report` is called with what went wrong. Stock `executionModeStreamifyResponse` exits the process in these cases.
 *
 * Middlewares find the runtime's stream in `request.internal`, and add there what is to happen after the last byte
 * (`InvocationState`); middy's own `after` comes when the response has only begun.
 */
export function streamWebResponse(runtime: StreamingRuntime, report: (error: unknown) => void) {
  const mode = (
    core: MiddyCore,
    before: unknown[],
    initialHandler: WebHandler,
    after: unknown[],
    onError: unknown[],
    plugin: MiddyPlugin,
  ) => {
    let handler = initialHandler;
    const handle: StreamingHandler = async (event, stream, context) => {
      const request = core.middyRequest(event, context);
      const state: InvocationState = { stream, stop: new AbortController().signal, afterResponse: [] };
      const internal = Object.assign(request.internal, state);
      const call = (e: unknown, c: Context) => handler(e, c);
      try {
        await settled(() => plugin.requestStart(request), report);
        const response = await core.runRequest(request, before, call, after, onError, plugin);
        const { failure } = await sendResponse(response, stream, {
          open: runtime.HttpResponseStream.from,
          stop: internal.stop,
          failureEvent: internal.failureEvent,
        });
        if (failure !== undefined) report(failure);
        await settled(() => plugin.requestEnd(request), report);
      } catch (error) {
        report(error);
        stream.end();
      } finally {
        for (const step of internal.afterResponse.reverse()) await settled(step, report);
      }
    };
    const streaming = runtime.streamifyResponse(handle);
    return Object.assign(streaming, {
      handler(replacement: WebHandler) {
        handler = replacement;
        return streaming;
      },
    });
  };
  // middy declares its execution modes as `() => void`.
  return mode as unknown as PluginExecutionMode;
}

async function settled(step: () => unknown, report: (error: unknown) => void): Promise<void> {
  try {
    await step();
  } catch (error) {
    report(error);
  }
}

/**
 * Keeps the process when a promise rejects that nobody watches. aws-lambda-ric 4.0.2 makes one itself whenever
 * its socket drops, and installs no listener of its own: Node's default is to exit.
 */
export function surviveRejections(report: (error: unknown) => void): void {
  process.on('unhandledRejection', report);
}

/** The answer, or a rejection as soon as `signal` is aborted; an answer that comes after that is cancelled. */
export function untilStopped(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason);
      answer.then((late) => late.body?.cancel(signal.reason)).catch(() => {});
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const settle = () => signal.removeEventListener('abort', stop);
    answer.finally(settle).then(resolve, reject);
  });
}
