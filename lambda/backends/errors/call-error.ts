import { GatewayError, toGatewayError } from '../../errors.ts';
import { field } from '../../fields.ts';
import { abortError } from './abort-error.ts';
import { connectionFailure } from './connection.ts';
import { FailedFrame } from './failed-frame.ts';
import { type Fault, faultOf, faultOfFrame } from './fault.ts';
import { isOfModel } from './of-model.ts';
import { fieldNamed } from './param.ts';
import type { ErrorContext, Row } from './row.ts';
import { ownWords, saidBy } from './said.ts';
import { knownNames, nameByStatus, rows } from './table.ts';

export interface FailureContext extends ErrorContext {
  /** The call's: once it is aborted, whatever else went wrong is its consequence. */
  signal: AbortSignal;
  /** Milliseconds since the request was sent; absent once Bedrock has answered with a status. */
  waitedMs?: number;
}

/** Whatever a call to Bedrock threw → GatewayError. Keeps no text that names an account, a role or a key. */
export function callError(error: unknown, context: FailureContext): GatewayError {
  if (error instanceof GatewayError) return error;
  if (context.signal.aborted) return abortError(context.signal);
  if (error instanceof FailedFrame) return faultError(faultOfFrame(error.failure), context);
  const fault = faultOf(error);
  if (fault) return faultError(fault, context, error);
  if (error instanceof Error && knownNames.has(error.name)) {
    return faultError({ name: error.name, message: error.message }, context, error);
  }
  if (isUnsendable(error)) return faultError({ name: 'CredentialsProviderError', message: '' }, context);
  return connectionFailure(error, context.waitedMs) ?? toGatewayError(error);
}

/** Credentials that were pasted with a line break: the headers that hold them cannot be sent. */
function isUnsendable(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    'code' in error &&
    error.code === 'ERR_INVALID_CHAR' &&
    /authorization|x-amz-security-token/i.test(error.message)
  );
}

/** What Bedrock said → GatewayError, by the table. */
export function faultError(raw: Fault, context: ErrorContext, cause?: unknown): GatewayError {
  const fault = settle(raw);
  const row = rows.find((candidate) => fits(candidate, fault, context)) ?? rowOfStatus(fault);
  const { name, status, requestId, retryAfterMs } = raw;
  const waits = row.status === 429 || row.status === 503;
  // AWS explains a refused signature by quoting what was signed: the key's id and the session token.
  const secret = row.reason === 'upstream_auth' || row.reason === 'unauthenticated';
  const said = saidBy(fault, context);
  const param = row.param ? field(row.param) : row.status < 500 && fieldNamed(raw.param ?? '');
  return new GatewayError({
    status: row.status,
    reason: row.reason,
    code: row.code,
    ...(param && { param }),
    mayHaveRun: row.mayHaveRun,
    ofModel: isOfModel(row, fault, context),
    message: row.message(said, context),
    facts: row.facts?.(said, context),
    retryAfterMs: waits ? (retryAfterMs ?? row.retryAfterMs) : undefined,
    cause: secret ? undefined : cause,
    upstream: { name, message: secret ? '' : raw.message, status, requestId, retryAfterMs },
  });
}

/** What a 4xx of the model behind Bedrock means; those that are not listed: the request was not to its liking. */
const nameByOriginalStatus: Readonly<Record<number, string>> = {
  408: 'ModelTimeoutException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
};

/** A model that refused its input says so inside a ModelError; an exception without a row goes by its status. */
function settle(fault: Fault): Fault {
  const { originalStatus, originalMessage } = fault;
  if (originalStatus !== undefined && originalStatus >= 400 && originalStatus < 500) {
    const name = nameByOriginalStatus[originalStatus] ?? 'ValidationException';
    return { ...fault, name, message: originalMessage ?? fault.message };
  }
  if (knownNames.has(fault.name)) return fault;
  return { ...fault, name: nameByStatus[fault.status ?? 500] ?? fault.name };
}

function fits(row: Row, fault: Fault, context: ErrorContext): boolean {
  if (row.names && !row.names.includes(fault.name)) return false;
  if (row.caller && !context.callerCredentials) return false;
  return row.text?.test(fault.message) ?? true;
}

/** What a proxy between the gateway and Bedrock asks of the gateway; told to a client, it would be the client's own proxy. */
const proxyAuthentication = 407;

function rowOfStatus({ status = 500 }: Fault): Row {
  const client = status >= 400 && status < 500 && status !== proxyAuthentication;
  return {
    status: client ? status : 502,
    reason: client ? 'bad_request' : 'overloaded',
    code: client ? undefined : 'upstream_error',
    message: (said) =>
      client
        ? ownWords(said)
        : `Amazon Bedrock failed with ${said.name}. Please try again; if it goes on, ask the gateway’s operator.`,
  };
}
