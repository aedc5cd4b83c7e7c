import { GatewayError, type Reason } from '../../errors.ts';

interface Failure {
  status: 502 | 504;
  reason: Reason;
  message: string;
  /** Whether the request can have reached the model: no, yes, or only if the failure did not come at once. */
  ran: 'no' | 'yes' | 'unless-at-once';
}

const unreachable: Failure = {
  status: 502,
  reason: 'connection',
  message:
    'Amazon Bedrock could not be reached. Please try again; if it goes on, the gateway’s operator has to check its network and endpoint.',
  ran: 'no',
};
const unsafe: Failure = {
  ...unreachable,
  message:
    'The connection to Amazon Bedrock could not be secured: its certificate was not accepted. The gateway’s operator has to check its network and endpoint.',
};
const slowConnect: Failure = {
  ...unreachable,
  status: 504,
  message:
    'Amazon Bedrock could not be reached in time. Please try again; if it goes on, the gateway’s operator has to check its network and endpoint.',
};
const lost: Failure = {
  status: 502,
  reason: 'connection',
  message: 'The connection to Amazon Bedrock was lost before the answer was complete. Please try again.',
  ran: 'unless-at-once',
};
const silent: Failure = {
  status: 504,
  reason: 'timeout',
  message:
    'Amazon Bedrock sent nothing for too long, so the request was given up. Please try again, or ask for a shorter answer.',
  ran: 'yes',
};
const corrupt: Failure = {
  status: 502,
  reason: 'connection',
  message: 'The answer of Amazon Bedrock was damaged on its way. Please try again.',
  ran: 'yes',
};

/** By the error's `code`, else its name. */
const failures: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: slowConnect,
  ECONNRESET: lost,
  ECONNABORTED: lost,
  EPIPE: lost,
  ERR_STREAM_PREMATURE_CLOSE: lost,
  HPE_INVALID_CONSTANT: corrupt,
  HPE_INVALID_CHUNK_SIZE: corrupt,
  HPE_INVALID_EOF_STATE: lost,
  BrokenStream: lost,
  StalledStream: silent,
  CorruptStream: corrupt,
  // An event or an answer whose JSON does not parse.
  SyntaxError: corrupt,
  // Names of the SDK's HTTP handler; a connection that was not made in time is told apart by its text.
  TimeoutError: silent,
};

const certificate = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const notConnected = /did not establish a connection/;

/**
 * Milliseconds within which a broken connection means that it was an old one, kept alive by us and closed by
 * the other end: later than that, the request may have reached the model.
 */
const atOnceMs = 2000;

/** A failure of the network → GatewayError; undefined if it is none. `waitedMs`: see FailureContext. */
export function connectionFailure(error: unknown, waitedMs: number | undefined): GatewayError | undefined {
  if (!(error instanceof Error)) return undefined;
  const failure = failureOf(error);
  if (!failure) return undefined;
  const { status, reason, message, ran } = failure;
  return new GatewayError({
    status,
    reason,
    message,
    code: status === 504 ? 'timeout' : 'bad_gateway',
    // A connection that breaks later may break because of what was sent over it.
    ofModel: ran === 'no',
    mayHaveRun: waitedMs === undefined || ran === 'yes' || (ran === 'unless-at-once' && waitedMs > atOnceMs),
    cause: error,
  });
}

function failureOf(error: Error): Failure | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (certificate.test(code)) return unsafe;
  if (notConnected.test(error.message)) return slowConnect;
  return failures[code] ?? (code.startsWith('HPE_') ? corrupt : undefined);
}
