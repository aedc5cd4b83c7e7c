import type { Request as MiddyRequest } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { FunctionUrlEvent } from './function-url.ts';
import type { ResponseStream } from './response-stream.ts';

/** What surrounds one invocation, as the handler sees it: `context.invocation`. */
export interface Invocation {
  /** Aborted when nobody can receive the answer any more: the runtime's socket is gone, or time is up. */
  signal: AbortSignal;
  /** Epoch milliseconds by which the answer should be complete; the signal follows a little later. */
  deadline: number;
  /** Work that outlasts the answer, and without whose end the process must not be frozen. */
  waitUntil(work: Promise<unknown>): void;
}

export interface InvocationContext extends Context {
  invocation: Invocation;
}

/** What the execution mode and the middlewares around the handler share: middy's `request.internal`. */
export interface InvocationState extends Record<string, unknown> {
  stream: ResponseStream;
  /** When aborted, the rest of the response is left out. */
  stop: AbortSignal;
  /** Called after the last byte, the last one that was added first; each is awaited. */
  afterResponse: (() => unknown)[];
  /** The last event of an event stream whose source failed. */
  failureEvent?(error: unknown): string;
}

/** middy's request, as the middlewares of this folder take it. */
export type InvocationRequest = MiddyRequest<
  FunctionUrlEvent,
  Response,
  Error,
  InvocationContext,
  InvocationState
>;
