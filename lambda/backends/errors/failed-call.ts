import type { ConverseRequest } from '../../canonical/types.ts';
import type { GatewayError } from '../../errors.ts';
import type { Sent } from '../call.ts';
import { callError } from './call-error.ts';
import { isWrittenIn } from './written.ts';

/** `callError` for one call. `waitedMs`: as `FailureContext` has it. */
export function failedCall(error: unknown, call: Sent, waitedMs: number | undefined): GatewayError {
  const { target, credentials, request, payer, signal } = call;
  const { serviceTier, performanceConfig } = request ?? {};
  return callError(error, {
    model: target.asked,
    callerCredentials: credentials !== undefined,
    billing: payer?.billing,
    wrote: (piece) => isWrittenIn([target.asked, ofClient(request)], piece),
    ownCapacity:
      (serviceTier !== undefined && serviceTier.type !== 'default') ||
      performanceConfig?.latency === 'optimized',
    signal,
    ...(waitedMs !== undefined && { waitedMs }),
  });
}

/** What is a client's own in a request: guardrails and metadata may be the operator's. */
function ofClient(request: Partial<ConverseRequest> = {}) {
  const { messages, system, toolConfig, additionalModelRequestFields, promptVariables } = request;
  return { messages, system, toolConfig, additionalModelRequestFields, promptVariables };
}
