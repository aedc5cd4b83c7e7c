import { type BedrockError, type ExceptionName, isFrontDoor } from '../errors.ts';
import type { Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';

/** What stands in `type` and `code`, by exception (live for what is invalid; the others are OpenAI's own). */
const kinds: Partial<Record<ExceptionName, readonly [type: string, code: string | null]>> = {
  ValidationException: ['invalid_request_error', 'validation_error'],
  ServiceQuotaExceededException: ['insufficient_quota', 'insufficient_quota'],
  ResourceNotFoundException: ['invalid_request_error', null],
  ModelNotReadyException: ['rate_limit_error', 'rate_limit_exceeded'],
  ThrottlingException: ['rate_limit_error', 'rate_limit_exceeded'],
};

/** The `error` of a body or of an event. */
export function errorOf(exception: ExceptionName, message: string) {
  const [type, code] = kinds[exception] ?? ['server_error', 'server_error'];
  // Converse puts these words before a provider's; nothing does here.
  return {
    message: message.replace(/^The model returned the following errors: /, ''),
    type,
    param: null,
    code,
  };
}

/** Whether a refusal comes from before the API, of who calls and what he may: that has AWS's own form. */
export const isFromFrontDoor = ({ exception }: BedrockError): boolean =>
  exception === 'AccessDeniedException' || isFrontDoor(exception);

export const refusalReply = ({ exception, message, status }: BedrockError): Reply =>
  jsonReply({ error: errorOf(exception, message) }, {}, status);
