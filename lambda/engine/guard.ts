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

/** How far a request has come with the guardrails of its steps. */
export interface Guarding<Passed extends { guard: Guard | undefined }> {
  /** What the step under way may send. */
  passed?: Passed;
  /** By guardrail. */
  seen?: Map<string, Passed>;
}

/**
 * What of a request a step may send: each guardrail looks at it once, however the steps that have it take turns with
 * others. What has passed one may go where there is none.
 */
export async function passedBy<Passed extends { guard: Guard | undefined }>(
  running: Guarding<Passed>,
  guard: Guard | undefined,
  assess: () => Promise<Passed>,
): Promise<Passed> {
  if (!guard && running.passed) return running.passed;
  running.seen ??= new Map();
  const { guardrailIdentifier: id, guardrailVersion: version } = guard?.guardrail ?? {};
  const key = JSON.stringify([id, version]);
  running.passed = running.seen.get(key) ?? (await assess());
  running.seen.set(key, running.passed);
  return running.passed;
}
