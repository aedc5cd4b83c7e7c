import { type ErrorCode, GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { ResponsesRequest } from './schema.ts';

/*
 * What needs a store, where the gateway has none: what would change the answer is refused in OpenAI's own words.
 */

/** Throws for a parameter that refers to what would have to be stored, or that would have to be. `stores`: it may refer. */
export function refuseState(request: ResponsesRequest, stores = false): void {
  const { background, previous_response_id: previous, conversation } = request;
  if (background) {
    const why = stores
      ? 'An answer is made while its client waits: use `stream` where it takes long.'
      : 'Answers in the background would have to be stored, and this gateway stores none.';
    throw unsupported(`Unsupported value: 'background' is true. ${why}`, 'background');
  }
  if (stores) return;
  if (previous != null) {
    throw refused(400, 'previous_response_id', 'previous_response_not_found', [
      `Previous response with id '${previous.slice(0, 100)}' not found.`,
      'This gateway stores no responses: send the earlier items in `input`.',
    ]);
  }
  if (conversation != null) {
    const id = typeof conversation === 'string' ? conversation : String(conversation.id ?? '');
    throw refused(404, 'conversation', undefined, [
      `Conversation with id '${id.slice(0, 100)}' not found.`,
      'This gateway stores no conversations: send the earlier items in `input`.',
    ]);
  }
}

/** The 404 for whatever is asked of a response that was not stored. */
export const noSuchResponse = (id: string): GatewayError =>
  refused(404, undefined, undefined, [
    `Response with id '${id.slice(0, 100)}' not found.`,
    'This gateway stores no responses.',
  ]);

export const noSuchConversation = (id: string): GatewayError =>
  refused(404, undefined, undefined, [
    `Conversation with id '${id.slice(0, 100)}' not found.`,
    'This gateway stores no conversations of callers without a key of its own.',
  ]);

/** Codex and Copilot try a WebSocket first; after a 426 they go on by POST at once. */
export const noWebSocket = (): GatewayError =>
  new GatewayError({
    status: 426,
    reason: 'bad_request',
    code: 'method_not_allowed',
    message: 'There are no WebSockets here: send a POST, with `stream: true` for server-sent events.',
  });

function refused(
  status: number,
  param: string | undefined,
  code: ErrorCode | undefined,
  sentences: readonly string[],
): GatewayError {
  return new GatewayError({
    status,
    reason: 'bad_request',
    ...(param !== undefined && { param: written(param) }),
    ...(code && { code }),
    message: sentences.join(' '),
  });
}
