import type { MeteredModerate } from '../accounting/metered-embed.ts';
import { guardrailIdentifier, guardrailVersion } from '../aws/limits.ts';
import type { GuardrailContent } from '../backends/guardrail/apply-guardrail.ts';
import type { Findings } from '../backends/guardrail/findings.ts';
import { bounds, CallBudget } from '../bounds.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import {
  badRequest,
  GatewayError,
  modelNotAllowed,
  modelNotFound,
  type Reason,
  toGatewayError,
} from '../errors.ts';
import type { Clock } from '../policy/clock.ts';
import { withDeadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { concurrently } from './concurrently.ts';
import { guardrailRegion } from './guarded-texts.ts';
import { isInScope } from './in-scope.ts';
import { callUntilAnswered } from './sequence.ts';
import type { RequestContext } from './types.ts';

/** What judges, and where. */
export interface Moderator {
  /** For the log and the client: the name that was asked for. */
  name: string;
  /** Absent: Bedrock's own checks, of texts alone. */
  guardrail?: GuardrailConfig;
  region: string;
  /** The client has named the guardrail. */
  isNamed: boolean;
}

export interface ModerationsEngine {
  /** To be called before any work is done for the request. Throws a 403 or a 404. */
  permit(name: string | undefined, context: RequestContext): Moderator;
  /** One for each input, in their order; an input without content costs no call. */
  moderate(
    inputs: readonly (readonly GuardrailContent[])[],
    moderator: Moderator,
    context: RequestContext,
  ): Promise<Findings[]>;
}

export interface ModerationsDeps {
  config: Pick<Config, 'region' | 'guardrail' | 'maxAttempts' | 'notReadyWaitMs'>;
  moderate: MeteredModerate;
  clock: Clock;
}

const defaultName = 'omni-moderation-latest';
/** OpenAI's names: of texts and images, which a guardrail can look at, and of texts alone. */
const names = { any: /^omni-moderation-/, textOnly: /^text-moderation-/ };
/** Calls at once. */
const concurrency = 8;

export function createModerationsEngine(deps: ModerationsDeps): ModerationsEngine {
  return {
    permit: (name, context) => permit(deps, name ?? defaultName, context),
    moderate: (inputs, moderator, context) => moderate(deps, inputs, moderator, context),
  };
}

/**
 * The guardrail that is enforced, or else the checks, for OpenAI's names; any other by its id or ARN. A key with a scope
 * may use what its scope opens, by these names, and the guardrail that its own record enforces.
 */
function permit({ config }: ModerationsDeps, name: string, { caller }: RequestContext): Moderator {
  const { principal } = caller;
  const home = caller.region ?? config.region;
  const named = guardrailNamed(name);
  const isOpenAis = names.any.test(name) || names.textOnly.test(name);
  const enforced = names.any.test(name) ? (principal.guardrail ?? config.guardrail) : undefined;
  const id = named?.guardrailIdentifier ?? name;
  const isOwn = enforced !== undefined && enforced === principal.guardrail;
  const guardrail = named ?? enforced;
  const region = guardrail ? guardrailRegion(guardrail, home) : home;
  if (!isOwn && !isInScope(principal, { id, region })) throw modelNotAllowed(name);
  if (!guardrail && !isOpenAis)
    throw modelNotFound(
      name,
      'Moderations know omni-moderation-latest, text-moderation-latest, and the id or ARN of a guardrail.',
    );
  return {
    name,
    region,
    isNamed: named !== undefined,
    ...(guardrail && { guardrail }),
  };
}

/** `<id or ARN>` or `<id or ARN>:<version>`; the working draft where no version is said. */
function guardrailNamed(name: string): GuardrailConfig | undefined {
  const [, id = name, version = 'DRAFT'] = /^(.*):([^:]+)$/.exec(name) ?? [];
  const isVersioned = guardrailVersion.test(version);
  const identifier = isVersioned ? id : name;
  if (!guardrailIdentifier.test(identifier)) return undefined;
  return { guardrailIdentifier: identifier, guardrailVersion: isVersioned ? version : 'DRAFT' };
}

const nothingFound: Findings = { isFlagged: false, harms: {}, others: [] };

async function moderate(
  { config, moderate, clock }: ModerationsDeps,
  inputs: readonly (readonly GuardrailContent[])[],
  moderator: Moderator,
  context: RequestContext,
): Promise<Findings[]> {
  const { lifetime, trace } = context;
  const { name, guardrail, region } = moderator;
  const own = withDeadline(lifetime.signal, lifetime.deadline, clock.now);
  const { signal } = own;
  const { maxAttempts, notReadyWaitMs } = config;
  const calls = new CallBudget(inputs.length + bounds.upstreamCalls);
  const limits = { maxAttempts, notReadyWaitMs, clock, deadline: lifetime.deadline, signal, calls };
  const target = { asked: name, id: name, region };
  const judge = async (content: readonly GuardrailContent[]): Promise<Findings> => {
    if (content.length === 0) return nothingFound;
    const call = (before: number) =>
      moderate({
        target,
        guardrail,
        content,
        signal,
        repeated: before > 0,
        ...calledAs(context),
      });
    return callUntilAnswered(call, limits).catch((error) => {
      throw failure(toGatewayError(error), moderator);
    });
  };
  try {
    const found = await concurrently(inputs, concurrency, judge, own.abort);
    trace.note({ modelUsed: guardrail?.guardrailIdentifier ?? 'guardrail-checks', region });
    return found;
  } finally {
    own.clear();
  }
}

/** What has nothing to do with what was asked of Bedrock. */
const asTheyAre: ReadonlySet<Reason> = new Set<Reason>([
  'deadline',
  'aborted',
  'unauthenticated',
  'upstream_auth',
  'throttled',
  'quota_exceeded',
  'overloaded',
  'timeout',
  'calls_used_up',
]);

/** AWS's own words name models, guardrails and accounts, so none of them is passed on. */
function failure(error: GatewayError, { name, region, guardrail, isNamed }: Moderator): GatewayError {
  const { reason, code, upstream } = error;
  if (asTheyAre.has(reason) || code === 'role_unavailable') return error;
  const isMissing = upstream?.name === 'UnknownOperationException' || upstream?.status === 404;
  if (isMissing && !guardrail) return unavailable(region, upstream);
  if (reason === 'bad_request' && tooLong.test(upstream?.message ?? ''))
    return badRequest('The input is longer than Bedrock takes in one call: send it in pieces.');
  if (reason === 'connection' && !isMissing) return error;
  if (isNamed && (reason === 'bad_request' || reason === 'model_not_found'))
    return modelNotFound(name, 'There is no guardrail of this id and version.');
  const action = guardrail ? 'bedrock:ApplyGuardrail' : 'bedrock:InvokeGuardrailChecks';
  return new GatewayError({
    status: 500,
    reason: 'internal',
    code: 'guardrail_unavailable',
    upstream: upstream ?? { name: 'Unknown', message: '' },
    message: guardrail
      ? `The guardrail could not be applied. Check its id, version and region, and the permission ${action}.`
      : `Bedrock's checks could not be made. The gateway’s operator has to check the permission ${action}.`,
  });
}

const tooLong = /too (?:long|large)|text units?|\blength\b|\bcharacters\b/i;

const unavailable = (region: string, upstream: GatewayError['upstream']) =>
  new GatewayError({
    status: 503,
    reason: 'unsupported',
    code: 'feature_unavailable',
    ...(upstream && { upstream }),
    message:
      `Amazon Bedrock does not offer its guardrail checks in ${region}. The gateway’s operator can set a guardrail ` +
      '(GUARDRAIL, or one for the key), which is applied instead.',
  });
