import { BedrockError, type ExceptionName, modelSays } from '../errors.ts';
import { type Cue, numberAt, type Scenario } from './scenario.ts';

interface Row {
  name: string;
  exception: ExceptionName;
  text: string;
  extra?: Record<string, unknown>;
  listed?: true;
}

const row = (name: string, exception: ExceptionName, text: string, more: Partial<Row> = {}): Row => ({
  name,
  exception,
  text,
  ...more,
});

/** Texts: recorded or quoted in public threads; the status follows from the exception. */
const rows: Row[] = [
  row('throttle', 'ThrottlingException', 'Too many requests, please wait before trying again.', {
    listed: true,
  }),
  row('throttle-tokens', 'ThrottlingException', 'Too many tokens, please wait before trying again.'),
  row('throttle-daily', 'ThrottlingException', 'Too many tokens per day, please wait before trying again.'),
  row(
    'quota',
    'ServiceQuotaExceededException',
    'Your request exceeds the service quota for your account. Request a quota increase to continue.',
  ),
  row(
    'not-ready',
    'ModelNotReadyException',
    'Model is not ready for inference. Wait and try your request again.',
    { listed: true },
  ),
  row(
    'access-denied',
    'AccessDeniedException',
    `You don't have access to the model with the specified model ID.`,
    { listed: true },
  ),
  row(
    'marketplace',
    'AccessDeniedException',
    'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. Refer to the Amazon Bedrock documentation for further details. Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed this issue, try again after 5 minutes.',
  ),
  row(
    'use-case',
    'ResourceNotFoundException',
    'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
  ),
  row('retention', 'ValidationException', `This model is not available under data retention mode 'default'.`),
  row(
    'not-found',
    'ResourceNotFoundException',
    'The specified resource was not found. Check the ARN and try your request again.',
  ),
  row(
    'end-of-life',
    'ResourceNotFoundException',
    'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
  ),
  row(
    'legacy',
    'ResourceNotFoundException',
    'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock',
  ),
  row('invalid-model', 'ValidationException', 'The provided model identifier is invalid.'),
  row(
    'validation',
    'ValidationException',
    'Malformed input request, please reformat your input and try again.',
  ),
  row('input-too-long', 'ValidationException', 'Input is too long for requested model.'),
  row(
    'timeout',
    'ModelTimeoutException',
    'Model has timed out in processing the request. Try your request again.',
  ),
  row(
    'model-error',
    'ModelErrorException',
    'The system encountered an unexpected error during processing. Try your request again.',
    { extra: { originalStatusCode: 500, resourceName: 'simulator' }, listed: true },
  ),
  row(
    'tool-sequence',
    'ModelErrorException',
    'Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide.',
    { extra: { originalStatusCode: 424, resourceName: 'simulator' } },
  ),
  row(
    'internal',
    'InternalServerException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ),
  row('unavailable', 'ServiceUnavailableException', 'Bedrock is unable to process your request.', {
    listed: true,
  }),
  row('expired-token', 'ExpiredTokenException', 'The security token included in the request is expired'),
  row(
    'unknown-client',
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ),
];

/** `[[throttle]]` always fails; `[[throttle:2]]` fails twice for that prompt, then works. */
function refusal({ name, exception, text, extra, listed }: Row): Scenario {
  return {
    name,
    example: `[[${name}]]`,
    does: `${exception}: “${text}”`,
    ...(listed && { listed }),
    refuse: ({ args, tries }: Cue) =>
      tries <= numberAt(args, 0, Number.POSITIVE_INFINITY)
        ? new BedrockError(exception, text, extra)
        : undefined,
  };
}

export const refusals: Scenario[] = [
  ...rows.map(refusal),
  {
    name: 'no-streaming',
    example: '[[no-streaming]]',
    does: 'ValidationException: “The model is unsupported for streaming.” when streaming; the whole form works.',
    refuse: ({ streams }) =>
      streams
        ? new BedrockError('ValidationException', 'The model is unsupported for streaming.')
        : undefined,
  },
  {
    name: 'context-overflow',
    example: '[[context-overflow]]',
    does: 'ValidationException: the prompt is said to be longer than the model’s context, in the words of its provider.',
    listed: true,
    refuse: ({ call }) =>
      contextOverflow(call.model.family.provider, call.model.contextTokens * 2, call.model.contextTokens),
  },
];

/** The provider's words for a prompt that does not fit. */
export function contextOverflow(provider: string, tokens: number, limit: number): BedrockError {
  switch (provider) {
    case 'anthropic':
      return modelSays(`prompt is too long: ${tokens} tokens > ${limit} maximum`);
    case 'nova':
      return modelSays(
        'Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
      );
    case 'openai':
    case 'open-weight':
      return modelSays(
        `This model's maximum context length is ${limit} tokens. However, you requested ${tokens} tokens. Please reduce the length of the messages.`,
      );
    default:
      return new BedrockError('ValidationException', 'Input is too long for requested model.');
  }
}
