import type { MeteredAssess } from '../accounting/metered-embed.ts';
import type { GuardrailContent } from '../backends/guardrail/apply-guardrail.ts';
import type { Verdict } from '../backends/guardrail/verdict.ts';
import { bounds, CallBudget } from '../bounds.ts';
import { detectFormat } from '../canonical/detect-format.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { badRequest, GatewayError, type GatewayErrorInit, type Reason, toGatewayError } from '../errors.ts';
import { field, type Note, note } from '../fields.ts';
import type { EmbedPart } from '../fit/embeddings.ts';
import { parseArn } from '../models/names/model-id.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import { type Deadline, withDeadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { concurrently } from './concurrently.ts';
import type { Guard } from './guard.ts';
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

/** The same for a request whose steps may have several guardrails. */
export interface Passed extends Guarded {
  guard: Guard | undefined;
}

/** The same with images among it. */
export interface Shown {
  contents: readonly GuardrailContent[];
  nameOf(index: number): Note;
  /** Whose it is; absent: a client's. */
  source?: 'OUTPUT';
}

/** Calls at once, as for the texts' embeddings. */
const concurrency = 8;

/** The same for texts with images beside some of them. */
export async function guardedParts(
  deps: GuardedTextsDeps,
  parts: readonly EmbedPart[],
  guard: Guard,
  target: Pick<Target, 'asked' | 'id' | 'region'>,
  context: RequestContext,
  deadline: Deadline,
): Promise<Guarded> {
  const places = parts.flatMap(({ text, image, name }, at) => [
    ...(text === '' ? [] : [{ at, name, content: { text: { text } } }]),
    ...(image ? [{ at, name, content: shownImage(image.bytes, name) }] : []),
  ]);
  const shown = { contents: places.map(({ content }) => content), nameOf: (i: number) => places[i]!.name };
  const { contents, warnings } = await guardedContents(deps, shown, guard, target, context, deadline);
  const texts = parts.map(({ text }) => text);
  contents.forEach((each, i) => {
    if ('text' in each) texts[places[i]!.at] = each.text.text;
  });
  return { texts, warnings };
}

/** Guardrails look at PNG and JPEG alone; throws a 400 for any other image. */
export function shownImage(bytes: string, name: Note): GuardrailContent {
  const format = detectFormat('image', bytes);
  if (format === 'png' || format === 'jpeg') return { image: { format, source: { bytes } } };
  throw badRequest(
    'The guardrail that is applied here looks at images in PNG and JPEG alone: send one of these.',
    name,
  );
}

/** The texts of a request as an enforced guardrail lets them pass, in their order; throws as `guardedContents` does. */
export async function guardedTexts(
  deps: GuardedTextsDeps,
  { texts, nameOf }: Spoken,
  guard: Guard,
  target: Pick<Target, 'asked' | 'id' | 'region'>,
  context: RequestContext,
  deadline: Deadline,
): Promise<Guarded> {
  const shown = { contents: texts.map((text) => ({ text: { text } })), nameOf };
  const { contents, warnings } = await guardedContents(deps, shown, guard, target, context, deadline);
  return { texts: contents.map((each) => ('text' in each ? each.text.text : '')), warnings };
}

/**
 * Texts and images as an enforced guardrail lets them pass, in their order. Whether InvokeModel heeds a guardrail for
 * models that write nothing is not documented, so it is applied beside the call, for every route that asks such models.
 * Throws a 400 with the guardrail's words for what it blocks. Where it cannot be applied nothing may be sent.
 */
export async function guardedContents(
  { config, assess, clock }: GuardedTextsDeps,
  { contents, nameOf, source }: Shown,
  guard: Guard,
  target: Pick<Target, 'asked' | 'id' | 'region'>,
  context: RequestContext,
  deadline: Deadline,
): Promise<{ contents: readonly GuardrailContent[]; warnings: Note[] }> {
  const { lifetime, caller } = context;
  const { credentials } = caller;
  const own = withDeadline(deadline.signal, lifetime.deadline, clock.now);
  const { signal } = own;
  const { guardrail, isAsked } = guard;
  const calls = new CallBudget(contents.length + bounds.upstreamCalls);
  const { maxAttempts, notReadyWaitMs } = config;
  const limits = { maxAttempts, notReadyWaitMs, clock, deadline: lifetime.deadline, signal, calls };
  const call = { target, guardrail, source, signal, ...calledAs(context) };
  const warnings: Note[] = [];
  const pass = async (content: GuardrailContent, index: number): Promise<GuardrailContent> => {
    const param = nameOf(index);
    const assessed = (before: number) => assess({ ...call, content, repeated: before > 0 });
    const verdict = await callUntilAnswered(assessed, limits).catch((error) => {
      throw notApplied(toGatewayError(error), param, {
        byCaller: credentials !== undefined,
        isAsked,
        source,
      });
    });
    if (verdict.action === 'pass') return content;
    // Of an image nothing comes back that could be sent instead.
    if (verdict.action === 'block' || !('text' in content)) throw blocked(verdict, param);
    warnings.push(note`the guardrail masked parts of ${param}`);
    return { text: { text: verdict.text } };
  };
  try {
    const run = (index: number) => pass(contents[index]!, index);
    return { contents: await concurrently([...contents.keys()], concurrency, run, own.abort), warnings };
  } finally {
    own.clear();
  }
}

/** A guardrail lives in one region: the one that its ARN says, else the one that it was set up for. */
export const guardrailRegion = ({ guardrailIdentifier }: GuardrailConfig, home: string): string =>
  parseArn(guardrailIdentifier)?.region ?? home;

function blocked(verdict: Verdict, param: Note): GatewayError {
  const why = verdict.action === 'block' ? verdict.message.trimEnd() : '';
  return badRequest(note`The guardrail blocked ${param}.${why && ` ${why}`}`, param, 'content_filter');
}

/** What has nothing to do with the guardrail. */
const others: ReadonlySet<Reason> = new Set(['deadline', 'aborted', 'unauthenticated', 'upstream_auth']);
/** What a guardrail is refused for that is not there or another account's. */
const ofTheGuardrail: ReadonlySet<Reason> = new Set(['bad_request', 'model_not_found', 'access_denied']);
/** What waiting may cure. */
const passing: ReadonlySet<Reason> = new Set([
  'throttled',
  'quota_exceeded',
  'overloaded',
  'timeout',
  'connection',
]);

interface Applied {
  /** With the credentials of the request. */
  byCaller: boolean;
  /** The client has named the guardrail. */
  isAsked: boolean;
  source: 'OUTPUT' | undefined;
}

/** AWS's own words name guardrails and accounts, so none of them is passed on. */
function notApplied(error: GatewayError, param: Note, { byCaller, isAsked, source }: Applied): GatewayError {
  const failure = (init: Omit<GatewayErrorInit, 'message'>, advice: string | Note) =>
    new GatewayError({
      ...init,
      message: note`The guardrail ${isAsked ? 'of this request' : 'that is enforced here'} could not be applied, so ${source ? 'the answer is withheld' : 'nothing was sent to the model'}. ${advice}`,
    });
  const { reason, status, code, retryAfterMs, upstream } = error;
  if (others.has(reason) || code === 'role_unavailable') return error;
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
  if (isAsked && ofTheGuardrail.has(reason)) {
    return failure(
      { status: 400, reason: 'bad_request', param: field('guardrailConfig'), upstream },
      'There is none of this id and version in its region that the gateway may use.',
    );
  }
  return failure(
    { status: 500, reason: 'internal', code: 'guardrail_unavailable', upstream },
    'Its operator has to check the guardrail’s id, version and region, and the permission bedrock:ApplyGuardrail.',
  );
}

const tooLong = /too (?:long|large)|text units?|\blength\b|\bcharacters\b/i;
