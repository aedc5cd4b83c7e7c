import { contextOverflow, contextOverflowMessage, overflowOf } from './context-overflow.ts';
import type { ErrorContext, Row } from './row.ts';
import { ownWords, type Said } from './said.ts';

const invalid = { status: 400 } as const;
const missing = {
  status: 404,
  code: 'model_not_found',
  param: 'model',
  facts: (_: Said, { model }: ErrorContext) => ({ missingModel: model }),
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
    message: (said) => contextOverflowMessage(overflowOf(said.message)),
    facts: (said) => ({ overflow: overflowOf(said.message) }),
  },
  {
    names: ['ValidationException'],
    text: /(?:does not|doesn['\u2019]t|do not|don['\u2019]t) support|is (?:not supported|unsupported)|isn['\u2019]t supported/i,
    ...invalid,
    reason: 'unsupported',
    code: 'unsupported_parameter',
    message: ownWords,
  },
  { names: ['ValidationException'], ...invalid, reason: 'bad_request', message: ownWords },
  {
    names: ['ConflictException'],
    status: 409,
    reason: 'bad_request',
    message: ownWords,
  },
  { names: ['ResourceNotFoundException'], ...missing, reason: 'model_not_found', message: notFound },
  {
    // The other end is not Bedrock's runtime, or not in a version that knows Converse.
    names: ['UnknownOperationException'],
    status: 502,
    reason: 'connection',
    code: 'bad_gateway',
    message: () =>
      'The Amazon Bedrock endpoint does not know the operation. The gateway’s operator has to check AWS_ENDPOINT_URL_BEDROCK_RUNTIME.',
  },
];

function notFound({ message }: Said, { model }: ErrorContext): string {
  const why = message && ` ${message}`;
  return `The model \`${model}\` does not exist or you do not have access to it.${why} GET /v1/models lists the models there are.`;
}
