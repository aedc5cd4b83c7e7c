import type { Fault } from './fault.ts';
import type { ErrorContext, Row } from './row.ts';

/** What a request brings along, as AWS names it when it fails: none of it is the model's. */
const brought = /guardrail|\bs3\b|\bkms:|service[ _-]?tier/i;

/**
 * Whether a failure says something about the model that others would meet too. Not one of a caller's own account,
 * and not one of the capacity that the request chose. Nor one that may quote the client: a validation says what
 * is wrong with this request, and in whatever words the client has written.
 */
export function isOfModel(row: Row, { name, message }: Fault, context: ErrorContext): boolean {
  if (!row.ofModel || context.callerCredentials || context.ownCapacity) return false;
  // Other keys have other rights.
  if (context.billing && row.reason === 'access_denied') return false;
  return name !== 'ValidationException' && !brought.test(message);
}
