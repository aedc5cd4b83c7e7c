import type { ErrorFormat } from '../apis/api.ts';
import { toGatewayError } from '../errors.ts';
import type { InvocationRequest } from './invocation.ts';

export interface LastResortOptions {
  /** Called with what the handler rejected with. */
  report(error: unknown): void;
  /** The error format of the API that a request is for. */
  formatFor(path: string, headers: { has(name: string): boolean }): ErrorFormat;
}

/**
 * A middleware that answers where the app itself failed: in the client's own error format, with nothing of a
 * stranger's error text.
 *
 * @example middy(options).use(lastResort({ report, formatFor: errorFormatFor }))
 */
export function lastResort({ report, formatFor }: LastResortOptions) {
  const formatOf = ({ event }: InvocationRequest) =>
    formatFor(event?.rawPath ?? '/', { has: (name) => event?.headers?.[name] !== undefined });
  return {
    before(request: InvocationRequest): void {
      const { internal, context } = request;
      // Not `internal.failureEvent = …`: V8 has a function literal that is assigned to a property live until a major
      // collection, and with it the invocation.
      Object.assign(internal, {
        failureEvent: (error: unknown) => lastResortEvent(error, formatOf(request), context.awsRequestId),
      });
    },
    onError(request: InvocationRequest): void {
      const { error, context } = request;
      report(error);
      const format = formatOf(request);
      const failure = toGatewayError(error);
      const headers = Object.fromEntries(format.requestIdHeaders.map((name) => [name, context.awsRequestId]));
      request.response = Response.json(format.body(failure, context.awsRequestId), {
        status: format.status(failure),
        headers,
      });
    },
  };
}

/** The end of an event stream whose source failed. The blank line closes an event that was cut in half. */
export function lastResortEvent(error: unknown, format: ErrorFormat, requestId: string): string {
  return `\n\n${format.event(toGatewayError(error), requestId)}`;
}
