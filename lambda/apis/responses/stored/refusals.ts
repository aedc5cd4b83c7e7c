import { type ErrorCode, GatewayError } from '../../../errors.ts';
import { written } from '../../../fields.ts';

/*
 * What is refused of requests that refer to something stored, in OpenAI's own words as far as it has any.
 */

export const storeUnavailable = (cause: unknown): GatewayError =>
  new GatewayError({
    status: 503,
    reason: 'internal',
    code: 'store_unavailable',
    message:
      'The gateway cannot look up what it has stored at the moment, so it makes no call. Try again in a moment, or send the earlier items in `input`.',
    retryAfterMs: 1000,
    cause,
  });

/** `missing`: an earlier one of its chain that is not there any more. */
export function noPrevious(id: string, missing?: string): GatewayError {
  const why =
    missing === undefined
      ? 'It was not stored, has been deleted or is too old, or another API key made it.'
      : `It follows '${short(missing)}', which has been deleted or is too old.`;
  return refused({
    param: 'previous_response_id',
    code: 'previous_response_not_found',
    message: `Previous response with id '${short(id)}' not found. ${why} Send the earlier items in \`input\`.`,
  });
}

export const noConversation = (id: string, param?: string): GatewayError =>
  refused({
    status: 404,
    ...(param !== undefined && { param }),
    message: `Conversation with id '${short(id)}' not found.`,
  });

export const noResponse = (id: string): GatewayError =>
  refused({ status: 404, message: `Response with id '${short(id)}' not found.` });

export const noItem = (id: string): GatewayError =>
  refused({ status: 404, message: `Item with id '${short(id)}' not found.` });

export const noRoute = (method: string, path: string): GatewayError =>
  refused({
    status: 404,
    code: 'unknown_url',
    message: `Unknown URL: ${method} ${path.slice(0, 200)}. There are /conversations/{id}, its /items and /items/{id}.`,
  });

export const bothGiven = (): GatewayError =>
  refused({
    param: 'previous_response_id',
    message:
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of them.",
  });

export const tooManyReads = (param: string, most: number): GatewayError =>
  refused({
    param,
    message: `The request leads to more than ${most} stored responses, the most that one request may. Send the earlier items in \`input\`, in short where they are many.`,
  });

export const cannotStream = (): GatewayError =>
  refused({
    param: 'stream',
    message: 'This response cannot be streamed because it was not created with background=true.',
  });

export const cannotCancel = (): GatewayError =>
  refused({ message: 'Cannot cancel a synchronous response: it was complete before it was stored.' });

function refused(error: {
  status?: number;
  param?: string;
  code?: ErrorCode;
  message: string;
}): GatewayError {
  const { status = 400, param, code, message } = error;
  return new GatewayError({
    status,
    reason: 'bad_request',
    ...(param !== undefined && { param: written(param) }),
    ...(code && { code }),
    message,
  });
}

const short = (id: string) => id.slice(0, 100);
