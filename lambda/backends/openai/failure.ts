import { isObject, text } from '../../canonical/json.ts';
import { exceptionName } from '../errors/exception-name.ts';
import { FailedFrame } from '../errors/failed-frame.ts';
import { notAnAnswer } from '../errors/incomplete.ts';

/** AWS's names for what OpenAI's codes of failures mean, so that one table says what follows from either. */
const exceptions: Readonly<Record<string, string>> = {
  rate_limit_exceeded: 'ThrottlingException',
  insufficient_quota: 'ServiceQuotaExceededException',
  server_error: 'InternalServerException',
  server_is_overloaded: 'ServiceUnavailableException',
  slow_down: 'ServiceUnavailableException',
  context_length_exceeded: 'ValidationException',
  invalid_prompt: 'ValidationException',
  invalid_request_error: 'ValidationException',
  validation_error: 'ValidationException',
  content_filter: 'ValidationException',
};

/** The failure that an event or a response reports in `{code, message}`; what is not known is the server's. */
export function failureIn(error: unknown, requestId: string | undefined): FailedFrame {
  const { code, type, message, param } = isObject(error) ? error : {};
  const name = [code, type].map((each) => exceptions[String(each)]).find((each) => each !== undefined);
  return new FailedFrame({
    type: name ?? 'InternalServerException',
    message: text(message) ?? '',
    ...(typeof param === 'string' && { param }),
    requestId,
  });
}

/** Status 200 from a path that is not there: `{"Output": {"__type": "…#UnknownOperationException"}}`. */
export function noAnswer(said: Readonly<Record<string, unknown>>, requestId: string | undefined) {
  const type = isObject(said.Output) ? said.Output.__type : said.__type;
  return notAnAnswer(requestId, { ...(typeof type === 'string' && { name: exceptionName(type) }) });
}
