import type { ErrorType, Reason } from '../errors.ts';
import { contextOverflow, contextOverflowMessage } from './context-overflow.ts';
import type { Fault } from './fault.ts';

/** What the message of an error may speak of. */
export interface ErrorContext {
  /** The model's name as the client knows it. */
  model: string;
  /** The call was made with the caller's own AWS credentials. */
  callerCredentials?: boolean;
}

export interface Row {
  /** Names of AWS exceptions; absent: whatever the name. */
  names?: readonly string[];
  text?: RegExp;
  /** Only for calls with the caller's own credentials. */
  caller?: true;
  status: number;
  type: ErrorType;
  reason: Reason;
  code?: string;
  param?: string;
  /** Advice for the client where Bedrock gave none. */
  retryAfterMs?: number;
  mayHaveRun?: true;
  message: (fault: Fault, context: ErrorContext) => string;
}

const second = 1000;
const hour = 3_600_000;
const own = (fault: Fault) => fault.message;
const invalid = { status: 400, type: 'invalid_request_error' } as const;
const denied = {
  status: 403,
  type: 'permission_error',
  reason: 'access_denied',
  code: 'model_access_denied',
  param: 'model',
} as const;
const missing = {
  status: 404,
  type: 'invalid_request_error',
  code: 'model_not_found',
  param: 'model',
} as const;
const quota = {
  status: 429,
  type: 'rate_limit_error',
  reason: 'quota_exceeded',
  code: 'insufficient_quota',
  retryAfterMs: hour,
} as const;

const refusedCredentials = [
  'UnrecognizedClientException',
  'InvalidClientTokenIdException',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  'RequestExpired',
  'OptInRequired',
  // The SDK's own, when it finds no credentials to sign with.
  'CredentialsProviderError',
  'TokenProviderError',
];

const credentialRows: readonly Row[] = [
  {
    names: refusedCredentials,
    caller: true,
    status: 401,
    type: 'authentication_error',
    reason: 'unauthenticated',
    code: 'invalid_aws_credentials',
    message: () =>
      'AWS did not accept the credentials of this request. Check the access key, the secret key, the session token and its expiry.',
  },
  {
    names: refusedCredentials,
    status: 500,
    type: 'server_error',
    reason: 'upstream_auth',
    code: 'upstream_auth',
    message: () =>
      'The gateway could not sign in to Amazon Bedrock: its AWS credentials are missing, expired or not accepted. Its operator has to correct them.',
  },
];

const accessRows: readonly Row[] = [
  {
    // A model that takes no cache points says so with a 403.
    names: ['AccessDeniedException'],
    text: /did not allow prompt caching/i,
    ...invalid,
    reason: 'unsupported',
    code: 'unsupported_parameter',
    message: (_, { model }) =>
      `The model \`${model}\` does not support prompt caching, or Bedrock does not offer it here. Remove the cache points (cache_control) and try again.`,
  },
  {
    text: /marked by provider as legacy/i,
    ...missing,
    reason: 'end_of_life',
    message: (_, { model }) =>
      `The model \`${model}\` is a legacy model that this AWS account has not used lately, so Bedrock no longer offers it to the account. Use a current model.`,
  },
  {
    text: /reached the end of its life/i,
    ...missing,
    reason: 'end_of_life',
    message: (_, { model }) =>
      `The model \`${model}\` has reached the end of its life on Amazon Bedrock. Use a current model.`,
  },
  {
    text: /use case details have not been submitted/i,
    ...missing,
    reason: 'access_denied',
    message: (_, { model }) =>
      `The model \`${model}\` is not open to this AWS account yet: the use case form of its provider has to be submitted in the Amazon Bedrock console first.`,
  },
  {
    text: /data retention mode/i,
    ...denied,
    message: (fault, { model }) =>
      `The model \`${model}\` is not available to this AWS account: ${fault.message}`,
  },
  {
    text: /aws-marketplace:|AWS Marketplace subscription/i,
    ...denied,
    message: (fault, { model }) => {
      const minutes = /again after (\d+) minutes?/i.exec(fault.message)?.[1];
      const pending = minutes ? ` If that has just been done, try again after ${minutes} minutes.` : '';
      return `The model \`${model}\` is not open to this AWS account: its AWS Marketplace subscription is missing or not completed. The operator has to enable the model in the Amazon Bedrock console.${pending}`;
    },
  },
  {
    text: /is not authorized to perform: ?([\w-]+:\w+)/i,
    ...denied,
    message: (fault, { model, callerCredentials }) => {
      const action = /perform: ?([\w-]+:\w+)/i.exec(fault.message)?.[1] ?? 'bedrock:InvokeModel';
      const policy = /service control policy/i.test(fault.message)
        ? ' A service control policy denies it.'
        : '';
      return `${callerCredentials ? 'The AWS credentials of this request' : 'The gateway’s AWS role'} may not call the model \`${model}\` (${action}).${policy}`;
    },
  },
  {
    names: ['AccessDeniedException'],
    ...denied,
    message: (_, { model, callerCredentials }) =>
      `${callerCredentials ? 'The AWS account of this request' : 'The gateway’s AWS account'} has no access to the model \`${model}\`. Access is granted in the Amazon Bedrock console.`,
  },
];

const requestRows: readonly Row[] = [
  {
    names: ['ValidationException'],
    text: /model identifier is invalid/i,
    ...missing,
    reason: 'model_not_found',
    message: notFound,
  },
  {
    names: ['ValidationException'],
    text: /on-demand throughput/i,
    ...invalid,
    reason: 'unsupported',
    code: 'model_not_supported',
    param: 'model',
    message: (_, { model }) =>
      `The model \`${model}\` can only be called through an inference profile. Use the id or ARN of a profile that contains it, such as one that begins with \`us.\`, \`eu.\` or \`global.\`.`,
  },
  {
    names: ['ValidationException'],
    text: contextOverflow,
    ...invalid,
    reason: 'context_overflow',
    code: 'context_length_exceeded',
    param: 'messages',
    message: (fault) => contextOverflowMessage(fault.message),
  },
  {
    names: ['ValidationException'],
    text: /(?:does not|doesn['’]t|do not|don['’]t) support|is (?:not supported|unsupported)|isn['’]t supported/i,
    ...invalid,
    reason: 'unsupported',
    code: 'unsupported_parameter',
    message: own,
  },
  { names: ['ValidationException'], ...invalid, reason: 'bad_request', message: own },
  {
    names: ['ConflictException'],
    status: 409,
    type: 'invalid_request_error',
    reason: 'bad_request',
    message: own,
  },
  { names: ['ResourceNotFoundException'], ...missing, reason: 'model_not_found', message: notFound },
  {
    // The other end is not Bedrock's runtime, or not in a version that knows Converse.
    names: ['UnknownOperationException'],
    status: 502,
    type: 'server_error',
    reason: 'connection',
    code: 'bad_gateway',
    message: () =>
      'The Amazon Bedrock endpoint does not know the operation. The gateway’s operator has to check the endpoint’s URL.',
  },
];

const capacityRows: readonly Row[] = [
  {
    names: ['ThrottlingException', 'TooManyRequestsException'],
    text: /per day/i,
    ...quota,
    message: (_, { model }) =>
      `The daily quota of the AWS account for the model \`${model}\` is used up. Use another model or region, or ask AWS for a higher quota.`,
  },
  {
    names: ['ServiceQuotaExceededException'],
    ...quota,
    message: (_, { model }) =>
      `The request is beyond a service quota of the AWS account for the model \`${model}\`. Use another model or region, or ask AWS for a higher quota.`,
  },
  {
    names: ['ThrottlingException', 'TooManyRequestsException'],
    status: 429,
    type: 'rate_limit_error',
    reason: 'throttled',
    code: 'rate_limit_exceeded',
    retryAfterMs: 5 * second,
    message: (_, { model }) => `Rate limit reached for model \`${model}\`. Please try again later.`,
  },
  {
    names: ['ModelNotReadyException'],
    status: 503,
    type: 'server_error',
    reason: 'not_ready',
    code: 'model_not_ready',
    retryAfterMs: 30 * second,
    message: (_, { model }) =>
      `The model \`${model}\` is being loaded and is not ready yet. Please try again later.`,
  },
  {
    names: ['ServiceUnavailableException'],
    status: 503,
    type: 'server_error',
    reason: 'overloaded',
    code: 'overloaded',
    retryAfterMs: 5 * second,
    message: (_, { model }) =>
      `The model \`${model}\` is overloaded on Amazon Bedrock. Please try again later.`,
  },
  {
    names: ['InternalServerException', 'InternalFailure'],
    status: 500,
    type: 'server_error',
    reason: 'overloaded',
    code: 'upstream_error',
    message: (_, { model }) =>
      `Amazon Bedrock failed to process the request to the model \`${model}\`. Please try again.`,
  },
];

const modelRows: readonly Row[] = [
  {
    names: ['ModelTimeoutException'],
    status: 504,
    type: 'server_error',
    reason: 'timeout',
    code: 'timeout',
    message: (_, { model }) =>
      `The model \`${model}\` took too long to answer. Please try again, or ask for a shorter answer.`,
  },
  {
    // The model has answered, with a tool call that Bedrock cannot read; it would do so again.
    names: ['ModelErrorException', 'ModelStreamErrorException'],
    text: /invalid sequence as part of ToolUse/i,
    status: 502,
    type: 'server_error',
    reason: 'model_error',
    code: 'malformed_tool_use',
    mayHaveRun: true,
    message: (fault, { model }) =>
      `The model \`${model}\` made a tool call that could not be read: ${fault.message}`,
  },
  {
    names: ['ModelErrorException', 'ModelStreamErrorException'],
    status: 502,
    type: 'server_error',
    reason: 'model_error',
    code: 'model_error',
    message: (fault, { model }) => `The model \`${model}\` failed: ${fault.originalMessage ?? fault.message}`,
  },
];

/**
 * The one table from AWS exception to error; the first row that fits decides. Statuses by
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors,
 * texts as recorded or as quoted in public bug reports. Texts that name an account, a role or a key are never
 * passed on. Nor are Bedrock's words for throttling: "too many tokens" makes coding agents believe that the
 * conversation is too long, and compact it.
 */
export const rows: readonly Row[] = [
  ...credentialRows,
  ...accessRows,
  ...requestRows,
  ...capacityRows,
  ...modelRows,
];

/** What an exception without a name of its own in the table is taken for. */
export const nameByStatus: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  409: 'ConflictException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  502: 'ServiceUnavailableException',
  503: 'ServiceUnavailableException',
  504: 'ModelTimeoutException',
};

export const knownNames: ReadonlySet<string> = new Set(rows.flatMap((row) => row.names ?? []));

function notFound(fault: Fault, { model }: ErrorContext): string {
  return `The model \`${model}\` does not exist or you do not have access to it. ${fault.message}`.trim();
}
