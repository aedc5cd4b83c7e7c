/** Where a failure strikes. */
export type Place = 'whole' | 'before' | 'mid';

/** What a client must be told. */
export interface Told {
  status: number;
  type: string;
  code: string | null;
  /** Milliseconds in retry-after-ms. */
  retryAfterMs?: number;
}

export interface FailureCase {
  name: string;
  /** The simulator's directive that makes the failure: without streaming, before the first event, mid-stream. */
  how: Partial<Record<Place, string>>;
  told: Told;
  /** Where an HTTP status tells more than a frame does. */
  toldWhole?: Told;
}

const told = (status: number, type: string, code: string | null, retryAfterMs?: number): Told => ({
  status,
  type,
  code,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

const invalid = told(400, 'invalid_request_error', null);
const overflow = told(400, 'invalid_request_error', 'context_length_exceeded');
const notFound = told(404, 'invalid_request_error', 'model_not_found');
const denied = told(403, 'permission_error', 'model_access_denied');
const signIn = told(500, 'server_error', 'upstream_auth');
const throttled = told(429, 'rate_limit_error', 'rate_limit_exceeded', 5000);
const quota = told(429, 'rate_limit_error', 'insufficient_quota', 3_600_000);
const notReady = told(503, 'server_error', 'model_not_ready', 30_000);
const overloaded = told(503, 'server_error', 'overloaded', 5000);
const upstream = told(500, 'server_error', 'upstream_error');
const timeout = told(504, 'server_error', 'timeout');
const modelError = told(502, 'server_error', 'model_error');
const gateway = told(502, 'server_error', 'bad_gateway');

/** Every exception of bedrock-runtime and of its front door, as an HTTP status and as a frame. */
const byException: Record<string, Told> = {
  validationException: overflow,
  serializationException: upstream,
  incompleteSignatureException: signIn,
  serviceQuotaExceededException: quota,
  conflictException: told(409, 'invalid_request_error', null),
  accessDeniedException: denied,
  expiredTokenException: signIn,
  invalidSignatureException: signIn,
  missingAuthenticationTokenException: signIn,
  unrecognizedClientException: signIn,
  resourceNotFoundException: notFound,
  unknownOperationException: gateway,
  modelTimeoutException: timeout,
  modelErrorException: modelError,
  modelStreamErrorException: modelError,
  modelNotReadyException: notReady,
  throttlingException: throttled,
  internalServerException: upstream,
  serviceUnavailableException: overloaded,
};

/** An exception that the table does not name is known by its status only, which a frame has not. */
const byStatus: Record<string, Told> = { serializationException: invalid };

const exceptionCases = Object.entries(byException).map(
  ([name, expected]): FailureCase => ({
    name,
    how: {
      whole: `[[stream-error:${name}]]`,
      before: `[[stream-error:${name}:0]]`,
      mid: `[[stream-error:${name}:3]]`,
    },
    told: expected,
    ...(byStatus[name] && { toldWhole: byStatus[name] }),
  }),
);

/** Bedrock's texts that decide more than the exception's name. */
const byText: Record<string, Told> = {
  throttle: throttled,
  'throttle-tokens': throttled,
  'throttle-daily': quota,
  quota,
  'not-ready': notReady,
  'access-denied': denied,
  marketplace: denied,
  'use-case': notFound,
  retention: denied,
  'not-found': notFound,
  'end-of-life': notFound,
  legacy: notFound,
  'invalid-model': notFound,
  validation: invalid,
  'input-too-long': overflow,
  'context-overflow': overflow,
  timeout,
  'model-error': modelError,
  'tool-sequence': told(502, 'server_error', 'malformed_tool_use'),
  internal: upstream,
  unavailable: overloaded,
  'expired-token': signIn,
  'unknown-client': signIn,
};

const refusalCases = Object.entries(byText).map(
  ([name, expected]): FailureCase => ({
    name,
    how: { whole: `[[${name}]]`, before: `[[${name}]]` },
    told: expected,
  }),
);

/** What is broken on the way. */
export const breakageCases: FailureCase[] = [
  {
    name: 'connection reset before the status',
    how: { whole: '[[reset]]', before: '[[reset]]' },
    told: gateway,
  },
  {
    name: 'connection reset within the answer',
    how: { whole: '[[reset-mid-stream]]', before: '[[reset-mid-stream:0]]', mid: '[[reset-mid-stream:3]]' },
    told: gateway,
  },
  {
    name: 'truncated frame',
    how: { whole: '[[truncate]]', before: '[[truncate:0]]', mid: '[[truncate:3]]' },
    told: gateway,
  },
  {
    name: 'corrupt checksum of a message',
    how: { before: '[[bad-crc:0]]', mid: '[[bad-crc:3]]' },
    told: gateway,
  },
  {
    name: 'corrupt checksum of a prelude',
    how: { before: '[[bad-prelude-crc:0]]', mid: '[[bad-prelude-crc:3]]' },
    told: gateway,
  },
  {
    name: 'error frame',
    how: { before: '[[error-frame:0]]', mid: '[[error-frame:3]]' },
    told: upstream,
  },
  { name: 'no messageStop', how: { mid: '[[no-message-stop]]' }, told: gateway },
  {
    name: 'status 200 with an error',
    how: { whole: '[[error-200]]', before: '[[error-200]]' },
    told: gateway,
  },
  {
    name: 'status 200 with an unknown operation',
    how: { whole: '[[unknown-operation]]', before: '[[unknown-operation]]' },
    told: gateway,
  },
  {
    name: 'status 200 with nothing',
    how: { whole: '[[empty-200]]', before: '[[empty-200]]' },
    told: gateway,
  },
];

/** For a gateway that waits for milliseconds where it would wait for minutes. */
export const stallCases: FailureCase[] = [
  {
    name: 'silence before the status',
    how: { whole: '[[stall]]', before: '[[stall]]' },
    told: timeout,
  },
  {
    name: 'silence within the answer',
    how: { whole: '[[stall-mid-stream]]', before: '[[stall-mid-stream:0]]', mid: '[[stall-mid-stream:3]]' },
    told: timeout,
  },
];

/** For a gateway whose Bedrock does not listen. */
export const refusedCases: FailureCase[] = [
  { name: 'connection refused', how: { whole: 'Hello', before: 'Hello' }, told: gateway },
];

export const failureCases: FailureCase[] = [...exceptionCases, ...refusalCases, ...breakageCases];

/** Failures in mid-stream, and all that came before them in one read of the socket. */
export const inOnePacket = (cases: readonly FailureCase[]): FailureCase[] =>
  cases.flatMap(({ name, how, told }) =>
    how.mid ? [{ name, how: { mid: `[[batch]] ${how.mid}` }, told }] : [],
  );

/** What looks like a failure, and is none. */
export const harmless = ['[[unknown-event]]', '[[unknown-delta]]', '[[split]]', '[[batch]]'];
