import { GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { MessagesRequest } from './schema.ts';

/** Throws a 400 for what Anthropic's service does beside the model, where leaving it out would change the answer. */
export function refuseServices(request: MessagesRequest): void {
  if (request.thread != null) throw noThreads();
  if (request.safeguards != null) {
    throw unsupported(
      'safeguards: Amazon Bedrock has none. Leave the parameter out, or use a guardrail (`guardrailConfig`).',
      'safeguards',
    );
  }
  for (const name of ['container', 'mcp_servers'] as const) {
    if (isEmpty(request[name])) continue;
    throw unsupported(`${name}: Amazon Bedrock has none. Leave the parameter out.`, name);
  }
}

/**
 * The tool runners of Anthropic's SDKs keep the conversation with the service unless they read this code: then they send
 * all of it, and do so from then on (@anthropic-ai/sdk 1.14, anthropic 2.14 for Python).
 */
function noThreads(): GatewayError {
  return new GatewayError({
    status: 400,
    reason: 'unsupported',
    code: 'unsupported_parameter',
    param: written('thread'),
    message: 'thread: the gateway keeps no conversations. Send all messages with each request.',
    facts: { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } },
  });
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
