import type { Describe, Description } from '../../bedrock/describe.ts';
import { settlesWithin } from '../../settles-within.ts';

/** What was learned about an ARN, or the name of the error that kept it. */
export type Known = { description: Description } | { failure: string };

/** Asks the control plane about an ARN, and remembers the answer. Never fails. */
export type LookUp = (arn: string, resource: string, region: string) => Promise<Known>;

export interface LookUpOptions {
  describe: Describe;
  ttlMs: number;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Whether an answer comes in time; tests decide it themselves. */
  settles?: typeof settlesWithin;
}

/** A denied or throttled question is not asked again for so long. */
const failureTtlMs = 60_000;
/** Milliseconds that a new answer is waited for while the old one will do. */
const renewalMs = 250;
/** ARNs come from clients: what is remembered of them is bounded. */
const maxRemembered = 1000;

/** One question for all who ask at once; a description outlives a renewal that fails, and serves while one is late. */
export function createLookUp(options: LookUpOptions): LookUp {
  const { describe, ttlMs, now = Date.now, settles = settlesWithin } = options;
  const remembered = new Map<string, { known: Known; until: number }>();
  const asked = new Map<string, Promise<Known>>();

  const ask = async (arn: string, resource: string, region: string): Promise<Known> => {
    const before = remembered.get(arn)?.known;
    const fresh = await answer(() => describe(arn, resource, region));
    const failed = 'failure' in fresh;
    const known = failed && before && 'description' in before ? before : fresh;
    remembered.delete(arn);
    remembered.set(arn, { known, until: now() + (failed ? Math.min(failureTtlMs, ttlMs) : ttlMs) });
    const [oldest] = remembered.keys();
    if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    return known;
  };
  return async (arn, resource, region) => {
    const hit = remembered.get(arn);
    if (hit && now() < hit.until) return hit.known;
    const pending = asked.get(arn) ?? ask(arn, resource, region).finally(() => asked.delete(arn));
    asked.set(arn, pending);
    const mayServe = hit !== undefined && 'description' in hit.known;
    return mayServe && !(await settles(renewalMs, pending)) ? hit.known : pending;
  };
}

async function answer(question: () => Promise<Description | undefined>): Promise<Known> {
  try {
    const description = await question();
    return description ? { description } : { failure: 'no such information' };
  } catch (error) {
    return { failure: error instanceof Error ? error.name : 'Error' };
  }
}
