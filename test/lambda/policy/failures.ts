import { GatewayError, type GatewayErrorInit, type Reason } from '../../../lambda/errors.ts';

const statuses: Partial<Record<Reason, number>> = {
  throttled: 429,
  quota_exceeded: 429,
  over_limit: 429,
  over_budget: 429,
  overloaded: 503,
  not_ready: 503,
  timeout: 504,
  deadline: 504,
  connection: 502,
  model_error: 502,
  internal: 500,
  access_denied: 403,
  model_not_found: 404,
  end_of_life: 404,
};

export function failed(reason: Reason, more: Partial<GatewayErrorInit> = {}): GatewayError {
  const status = statuses[reason] ?? 400;
  return new GatewayError({ status, reason, message: `It was ${reason}.`, ...more });
}

export const everyReason: readonly Reason[] = [
  'bad_request',
  'unsupported',
  'context_overflow',
  'unauthenticated',
  'forbidden',
  'access_denied',
  'model_not_found',
  'end_of_life',
  'throttled',
  'quota_exceeded',
  'not_ready',
  'overloaded',
  'timeout',
  'deadline',
  'model_error',
  'upstream_auth',
  'connection',
  'calls_used_up',
  'over_limit',
  'over_budget',
  'aborted',
  'internal',
];
