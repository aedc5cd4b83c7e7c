import { contextOverflow, contextOverflowMessage } from './context-overflow.ts';
import type { Fault } from './fault.ts';
import type { ErrorContext, Row } from './row.ts';

const own = (fault: Fault) => fault.message;
const invalid = { status: 400, type: 'invalid_request_error' } as const;
const missing = {
  status: 404,
  type: 'invalid_request_error',
  code: 'model_not_found',
  param: 'model',
} as const;

/** What is wrong with the request itself. */
export const requestRows: readonly Row[] = [
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
    text: /(?:does not|doesn['\u2019]t|do not|don['\u2019]t) support|is (?:not supported|unsupported)|isn['\u2019]t supported/i,
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

function notFound(fault: Fault, { model }: ErrorContext): string {
  return `The model \`${model}\` does not exist or you do not have access to it. ${fault.message}`.trim();
}
