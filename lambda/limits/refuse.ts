import type { Holder } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import { field } from '../fields.ts';
import { dollarsOf } from './amount.ts';
import type { LimitName, Refusal } from './reserve.ts';

/** A refusal, and whose limit it is. */
export interface Refused extends Refusal {
  holder: Holder;
  /** Tokens or pico-dollars that the call may come to. */
  asked: bigint;
}

/** Retried by no client within a day: it says so itself. */
export function overLimit(refused: Refused, at: number): GatewayError {
  const isMoney = refused.limit === 'dollarsPerDay' || refused.limit === 'dollarsPerMonth';
  const kind = isMoney ? 'money' : refused.limit === 'tokensPerMinute' ? 'tokens' : 'requests';
  return new GatewayError({
    status: 429,
    reason: isMoney ? 'over_budget' : 'over_limit',
    code: isMoney ? 'insufficient_quota' : 'rate_limit_exceeded',
    facts: { limited: kind },
    message: sentences[refused.limit](refused),
    ...(!refused.never && { retryAfterMs: Math.max(1, refused.resetsAt - at) }),
  });
}

const sentences: Readonly<Record<LimitName, (refused: Refused) => string>> = {
  requestsPerMinute: ({ holder }) =>
    `Rate limit reached: ${whose(holder)} may make ${holder.limits.requestsPerMinute} requests a minute and has made them. Try again when the next minute begins.`,
  tokensPerMinute: ({ holder, asked, left, never }) =>
    `Rate limit reached: ${whose(holder)} may use ${holder.limits.tokensPerMinute} tokens a minute, of which ${left} are left, and this request may come to ${asked}. ${
      never
        ? 'It never fits: send less, or ask for fewer output tokens.'
        : 'Try again when the next minute begins.'
    }`,
  concurrent: ({ holder }) =>
    `Rate limit reached: ${whose(holder)} may have ${holder.limits.concurrent} requests under way at a time and has them. Try again when one has ended.`,
  dollarsPerDay: (refused) => overBudget(refused, `${refused.holder.limits.dollarsPerDay} a day`),
  dollarsPerMonth: (refused) => overBudget(refused, `${refused.holder.limits.dollarsPerMonth} a month`),
};

function overBudget({ holder, left, asked, never, resetsAt }: Refused, budget: string): string {
  const until = new Date(resetsAt).toISOString();
  const advice = never
    ? 'It never fits: send less, ask for fewer output tokens, or for a cheaper model.'
    : `The budget begins anew at ${until}; until then send less, ask for fewer output tokens, or for a cheaper model.`;
  return `Budget reached: ${whose(holder)} may spend $${budget}, of which $${dollarsOf(left)} is left, and this request may cost up to $${dollarsOf(asked)}. ${advice}`;
}

const whose = ({ kind, name }: Holder) =>
  kind === 'key' ? 'this API key' : `the team ${name} of this API key`;

/** Where money is limited, what nobody knows the price of cannot be counted. */
export function notPriced(model: string, reason: string): GatewayError {
  return new GatewayError({
    status: 403,
    reason: 'forbidden',
    code: 'model_not_priced',
    param: field('model'),
    message: `This API key has a budget in dollars, and the price of the model \`${model}\` is not known (${reason}). Ask for a model with a price, or have its operator set one in PRICES or allow unpriced models for the key.`,
  });
}

/** What has been used cannot be looked up, so nothing may be used. It is never a 429: nobody has used too much. */
export function limitsUnavailable(cause: unknown, advice = 'Please try again.'): GatewayError {
  return new GatewayError({
    status: 503,
    reason: 'internal',
    code: 'limits_unavailable',
    message: `The gateway cannot look up what this API key has used of its limits at the moment, so it makes no call. ${advice}`,
    retryAfterMs: 1000,
    cause,
  });
}
