import type { Request as MiddyRequest, PluginExecutionMode } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ApiError } from './errors.ts';
import { lastResortResponse } from './last-resort.ts';
import { type OpenStream, type ResponseStream, sendResponse } from './response-stream.ts';

/** The runtime's global `awslambda`. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  HttpResponseStream: { from: OpenStream };
}
type StreamingHandler = (event: unknown, stream: ResponseStream, context: Context) => Promise<void>;

export interface InvocationScope {
  /** Aborted when nobody can receive the answer any more: the runtime's socket is gone, or time is up. */
  signal: AbortSignal;
  /** Epoch milliseconds by which the answer should be complete; the signal follows a little later. */
  deadline: number;
}
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

/** Kept back from the invocation's time: the handler gets the first half to end its answer in good order. */
const reserveMs = 2000;

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

interface Limits extends InvocationScope {
  /** Aborted when the runtime's socket is gone. */
  gone: AbortSignal;
  release(): void;
}

function startLimits(stream: ResponseStream, context: Context): Limits {
  const gone = new AbortController();
  const late = new AbortController();
  const remaining = context.getRemainingTimeInMillis();
  const reserve = Math.min(reserveMs, remaining / 4);
  const timer = setTimeout(() => late.abort(timeIsUp()), remaining - reserve / 2);
  let live = true;
  // Without a listener a socket error would be an uncaught exception. A request that ends well closes too.
  stream.on('error', (error) => live && gone.abort(error));
  stream.on('close', () => live && gone.abort(new Error('The runtime closed the response stream.')));
  return {
    signal: AbortSignal.any([gone.signal, late.signal]),
    gone: gone.signal,
    deadline: Date.now() + remaining - reserve,
    release() {
      live = false;
      clearTimeout(timer);
    },
  };
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

function timeIsUp(): ApiError {
  return new ApiError({
    status: 504,
    type: 'server_error',
    reason: 'deadline',
    code: 'deadline_exceeded',
    message:
      'The answer was not complete when the function’s time was up. Ask for less, or raise its timeout.',
  });
}
