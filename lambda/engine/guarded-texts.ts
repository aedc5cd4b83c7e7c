import type { MeteredAssess } from '../accounting/metered-embed.ts';
import { bounds, CallBudget } from '../bounds.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { badRequest, GatewayError, type GatewayErrorInit, type Reason, toGatewayError } from '../errors.ts';
import { type Note, note } from '../fields.ts';
import { parseArn } from '../models/names/model-id.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import { type Deadline, withDeadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { concurrently } from './concurrently.ts';
import { callUntilAnswered } from './sequence.ts';
import type { RequestContext } from './types.ts';

export interface GuardedTextsDeps {
  config: Pick<Config, 'maxAttempts' | 'notReadyWaitMs'>;
  assess: MeteredAssess;
  clock: Clock;
}

/** What a request would send to a model that writes nothing. */
export interface Spoken {
  texts: readonly string[];
  /** What the client calls the text at an index. */
  nameOf(index: number): Note;
}

/** Texts in their order, as they may be sent. */
export interface Guarded {
  texts: readonly string[];
  warnings: Note[];
}

/** Calls at once, as for the texts' embeddings. */
const concurrency = 8;

/**
 * The texts of a request as an enforced guardrail lets them pass, in their order. Whether InvokeModel heeds a
 * guardrail for models that write nothing is not documented, so it is applied before, for every route that asks such
 * models. Throws a 400 with the guardrail's words for a text that it blocks. Where it cannot be applied nothing may be
 * sent.
 */
export async function guardedTexts(
  { config, assess, clock }: GuardedTextsDeps,
  { texts, nameOf }: Spoken,
  guardrail: GuardrailConfig,
  target: Pick<Target, 'asked' | 'id' | 'region'>,
  context: RequestContext,
  deadline: Deadline,
): Promise<Guarded> {
  const { lifetime, caller } = context;
  const { credentials } = caller;
  const own = withDeadline(deadline.signal, lifetime.deadline, clock.now);
  const { signal } = own;
  const calls = new CallBudget(texts.length + bounds.upstreamCalls);
  const { maxAttempts, notReadyWaitMs } = config;
  const limits = { maxAttempts, notReadyWaitMs, clock, deadline: lifetime.deadline, signal, calls };
  const call = { target, guardrail, signal, ...calledAs(context) };
  const warnings: Note[] = [];
  const pass = async (index: number): Promise<string> => {
    const text = texts[index] ?? '';
    const param = nameOf(index);
    const assessed = (before: number) => assess({ ...call, text, repeated: before > 0 });
    const verdict = await callUntilAnswered(assessed, limits).catch((error) => {
      throw notApplied(toGatewayError(error), param, credentials !== undefined);
    });
    if (verdict.action === 'block') throw blocked(verdict.message, param);
    if (verdict.action === 'pass') return text;
    warnings.push(note`the guardrail masked parts of ${param}`);
    return verdict.text;
  };
  try {
    return { texts: await concurrently([...texts.keys()], concurrency, pass, own.abort), warnings };
  } finally {
    own.clear();
  }
}

/** A guardrail lives in one region: the one that its ARN says, else the one that it was set up for. */
export const guardrailRegion = ({ guardrailIdentifier }: GuardrailConfig, home: string): string =>
  parseArn(guardrailIdentifier)?.region ?? home;

function blocked(message: string, param: Note): GatewayError {
  const why = message.trimEnd();
  return badRequest(note`The guardrail blocked ${param}.${why && ` ${why}`}`, param, 'content_filter');
}

/** What has nothing to do with the guardrail. */
const others: ReadonlySet<Reason> = new Set(['deadline', 'aborted', 'unauthenticated', 'upstream_auth']);
/** What waiting may cure. */
const passing: ReadonlySet<Reason> = new Set([
  'throttled',
  'quota_exceeded',
  'overloaded',
  'timeout',
  'connection',
]);

/** AWS's own words name guardrails and accounts, so none of them is passed on. */
function notApplied(error: GatewayError, param: Note, byCaller: boolean): GatewayError {
  const { reason, status, code, retryAfterMs, upstream } = error;
  if (others.has(reason)) return error;
  if (upstream?.name === 'ServiceQuotaExceededException' || tooLong.test(upstream?.message ?? '')) {
    const init = {
      status: 400,
      reason: 'bad_request',
      param,
      upstream,
    } as const;
    return failure(init, note`The text of ${param} is longer than it takes.`);
  }
  if (passing.has(reason)) {
    return failure({ status, reason, code: code ?? undefined, retryAfterMs, upstream }, 'Please try again.');
  }
  if (reason === 'access_denied' && byCaller) {
    return failure(
      { status, reason, code: 'guardrail_unavailable', upstream },
      'The AWS credentials of this request need the permission bedrock:ApplyGuardrail for it.',
    );
  }
  return failure(
    { status: 500, reason: 'internal', code: 'guardrail_unavailable', upstream },
    'Its operator has to check the guardrail’s id, version and region, and the permission bedrock:ApplyGuardrail.',
  );
}

const tooLong = /too (?:long|large)|text units?|\blength\b|\bcharacters\b/i;

const failure = (init: Omit<GatewayErrorInit, 'message'>, advice: string | Note) =>
  new GatewayError({
    ...init,
    message: note`The guardrail that is enforced here could not be applied, so nothing was sent to the model. ${advice}`,
  });
