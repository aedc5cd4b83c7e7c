import type { Principal } from '../auth/principal.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { field, type Note } from '../fields.ts';
import { checkGuardrail } from '../fit/guardrails.ts';
import type { Target } from '../models/target.ts';

/** What looks at the texts and images of a request. */
export interface Guard {
  guardrail: GuardrailConfig;
  /** The client has named it, so that what is wrong with it is the client's to put right. */
  isAsked: boolean;
}

/** Who says which guardrail it is. */
export interface GuardSources {
  principal: Pick<Principal, 'guardrail'>;
  config: Pick<Config, 'guardrail'>;
  /** Of the request. */
  asked: GuardrailConfig | undefined;
  target: Pick<Target, 'defaults'>;
}

/** The guardrail of a call, as for a chat: what is enforced, else what the client asks for, else what the alias says. Throws a 400 for what is none. */
export function guardOf({ principal, config, asked, target }: GuardSources): Guard | undefined {
  const enforced = principal.guardrail ?? config.guardrail;
  if (asked && !enforced) {
    checkGuardrail(asked);
    return { guardrail: asked, isAsked: true };
  }
  const guardrail = enforced ?? target.defaults?.guardrailConfig;
  return guardrail && { guardrail, isAsked: false };
}

/** What is to be told of a guardrail that a client asked for where another one is enforced. */
export const guardIgnored = (guard: Guard | undefined, asked: GuardrailConfig | undefined): Note[] =>
  asked && guard && !guard.isAsked ? [field('guardrailConfig')] : [];

/**
 * Whether what has passed one guardrail may go where the other is asked for. What has passed one may go where there is
 * none.
 */
export function hasPassed(before: Guard | undefined, now: Guard | undefined): boolean {
  if (!now) return true;
  const [one, other] = [before?.guardrail, now.guardrail];
  return (
    one?.guardrailIdentifier === other.guardrailIdentifier && one.guardrailVersion === other.guardrailVersion
  );
}
