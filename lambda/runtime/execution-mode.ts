import type { Request as MiddyRequest, PluginExecutionMode } from '@middy/core';
import type { Context } from 'aws-lambda';
import { type InvocationScope, startLimits } from './invocation-limits.ts';
import { lastResortResponse } from './last-resort.ts';
import { type OpenStream, type ResponseStream, sendResponse } from './response-stream.ts';

/** The runtime's global `awslambda`. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  HttpResponseStream: { from: OpenStream };
}
type StreamingHandler = (event: unknown, stream: ResponseStream, context: Context) => Promise<void>;

export type WebHandler<Event> = (event: Event, context: Context, scope: InvocationScope) => Promise<Response>;

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
 * `report` is told what went wrong. Stock `executionModeStreamifyResponse` exits the process in these cases.
 */
export function streamWebResponse(runtime: StreamingRuntime, report: (error: unknown) => void) {
  const mode = (
    core: MiddyCore,
    before: unknown[],
    initialHandler: WebHandler<unknown>,
    after: unknown[],
    onError: unknown[],
    plugin: MiddyPlugin,
  ) => {
    let handler = initialHandler;
    const answer = async (request: MiddyRequest, scope: InvocationScope) => {
      plugin.requestStart(request);
      const call = (e: unknown, c: Context) => handler(e, c, scope);
      return core.runRequest(request, before, call, after, onError, plugin);
    };
    const handle: StreamingHandler = async (event, stream, context) => {
      const request = core.middyRequest(event, context);
      const limits = startLimits(stream, context);
      try {
        let stop = limits.signal;
        const response = await untilStopped(answer(request, limits), stop).catch((error: unknown) => {
          report(error);
          // Small enough to go out although time is up.
          stop = limits.gone;
          return lastResortResponse(error, context.awsRequestId);
        });
        const { failure } = await sendResponse(response, stream, runtime.HttpResponseStream.from, stop);
        if (failure !== undefined) report(failure);
        await plugin.requestEnd(request);
      } catch (error) {
        report(error);
      } finally {
        limits.release();
      }
    };
    const streaming = runtime.streamifyResponse(handle);
    return Object.assign(streaming, {
      handler(replacement: WebHandler<unknown>) {
        handler = replacement;
        return streaming;
      },
    });
  };
  // middy declares its execution modes as `() => void`.
  return mode as unknown as PluginExecutionMode;
}

/**
 * Keeps the process when a promise rejects that nobody watches. aws-lambda-ric 4.0.2 makes one itself whenever
 * its socket drops, and installs no listener of its own: Node's default is to exit.
 */
export function surviveRejections(report: (error: unknown) => void): void {
  process.on('unhandledRejection', report);
}

/** The answer, or a rejection as soon as `signal` is aborted; an answer that comes after that is cancelled. */
function untilStopped(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
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
