import type { Row } from './row.ts';

const second = 1000;
const hour = 3_600_000;
const quota = {
  status: 429,
  reason: 'quota_exceeded',
  code: 'insufficient_quota',
  ofModel: true,
  retryAfterMs: hour,
} as const;

/** What Bedrock has no room for, now or today. */
export const capacityRows: readonly Row[] = [
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
    reason: 'throttled',
    code: 'rate_limit_exceeded',
    ofModel: true,
    retryAfterMs: 5 * second,
    message: (_, { model }) => `Rate limit reached for model \`${model}\`. Please try again later.`,
  },
  {
    names: ['ModelNotReadyException'],
    status: 503,
    reason: 'not_ready',
    code: 'model_not_ready',
    ofModel: true,
    retryAfterMs: 30 * second,
    message: (_, { model }) =>
      `The model \`${model}\` is being loaded and is not ready yet. Please try again later.`,
  },
  {
    names: ['ServiceUnavailableException'],
    status: 503,
    reason: 'overloaded',
    code: 'overloaded',
    ofModel: true,
    retryAfterMs: 5 * second,
    message: (_, { model }) =>
      `The model \`${model}\` is overloaded on Amazon Bedrock. Please try again later.`,
  },
  {
    // There are requests that a model fails on every time.
    names: ['InternalServerException', 'InternalFailure'],
    status: 500,
    reason: 'overloaded',
    code: 'upstream_error',
    message: (_, { model }) =>
      `Amazon Bedrock failed to process the request to the model \`${model}\`. Please try again.`,
  },
];

/** What happened inside the model. */
export const modelRows: readonly Row[] = [
  {
    names: ['ModelTimeoutException'],
    status: 504,
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
    reason: 'model_error',
    code: 'malformed_tool_use',
    mayHaveRun: true,
    message: (said, { model }) =>
      `The model \`${model}\` made a tool call that could not be read: ${said.message}`,
  },
  {
    names: ['ModelErrorException', 'ModelStreamErrorException'],
    status: 502,
    reason: 'model_error',
    code: 'model_error',
    message: (said, { model }) =>
      `The model \`${model}\` failed: ${said.originalMessage || said.message || 'it gave no reason that can be shown. Please try again'}`,
  },
];
