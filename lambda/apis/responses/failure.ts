import type { GatewayError } from '../../errors.ts';

/** The `error` of a failed response. */
export interface Failure {
  code: string;
  message: string;
}

/** Clients act on these: they wait, shorten the conversation or give up. */
const known = new Set<string | null>([
  'rate_limit_exceeded',
  'context_length_exceeded',
  'insufficient_quota',
]);
/** Failures of which the gateway has tried what another attempt could bring. */
const busy = new Set<GatewayError['reason']>(['overloaded', 'not_ready', 'calls_used_up']);

/**
 * An error as a response that failed in its stream, where there is no status any more. The code decides what clients do
 * (OpenAI's own are few): Codex tries `server_error` again and gives up on `invalid_prompt`, which is what stands here
 * for all that the same request would meet again, and on `server_is_overloaded`. `hasBegun`: the model has answered
 * something, so that nothing was tried again.
 */
export function failureOf(error: GatewayError, hasBegun: boolean): Failure {
  return { code: codeOf(error, hasBegun), message: messageOf(error) };
}

function codeOf({ status, reason, code }: GatewayError, hasBegun: boolean): string {
  if (code !== null && known.has(code)) return code;
  if (status === 429) return 'rate_limit_exceeded';
  if (busy.has(reason) && !hasBegun) return 'server_is_overloaded';
  return status >= 400 && status < 500 && status !== 408 ? 'invalid_prompt' : 'server_error';
}

const again = / Please try again(?: later)?\.$/;

/** There is no `retry-after` in a stream; Codex reads it in the message, where it takes the place of `later`. */
function messageOf({ message, reason, retryAfterMs }: GatewayError): string {
  if (reason !== 'throttled' || retryAfterMs === undefined) return message;
  return `${message.replace(again, '')} Please try again in ${Math.ceil(retryAfterMs / 100) / 10}s.`;
}
