import type { Principal } from '../auth/principal.ts';
import type { Config } from '../config.ts';
import { asInJobs, noGuardrail } from '../engine/batch-record.ts';
import { assertInScope, resolveFor } from '../engine/in-scope.ts';
import type { RequestContext } from '../engine/types.ts';
import { badRequest, GatewayError, toGatewayError, unsupported } from '../errors.ts';
import { field } from '../fields.ts';
import { embeddingFamilyOfTarget } from '../models/embeddings/families.ts';
import { hasBatches } from '../models/families/without-batches.ts';
import { parseArn } from '../models/names/model-id.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import { unavailable } from './settings.ts';

export interface PermitDeps {
  config: Pick<Config, 'guardrail' | 'region' | 'regions' | 'residency'>;
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  /** Of the jobs. */
  region: string;
}

/**
 * Whether this caller may make a batch at all, and now; to be asked before anything is read or written for him. For the
 * limits of his key it is one request.
 */
export async function permitCaller(
  { config, region }: PermitDeps,
  { caller, trace, lifetime }: RequestContext,
): Promise<void> {
  if (caller.principal.guardrail ?? config.guardrail) throw noGuardrail();
  if (caller.credentials)
    throw badRequest('Batches run with the role of the gateway’s own stack: leave the x-aws-* headers out.');
  const travels = config.residency === 'region' && region !== config.region;
  if (travels || (config.residency !== 'global' && !config.regions.includes(region)))
    throw unavailable(
      `The bucket of this gateway’s batches is in ${region}, where its setting \`residency\` does not let requests go.`,
    );
  // With a budget there is none, whatever else the key has left.
  if (!isBudgeted(caller.principal))
    await trace.gate?.admit({ target: { id: 'batch', asked: 'batch', region }, signal: lifetime.signal });
}

const isBudgeted = ({ limits = [] }: Principal): boolean =>
  limits.some(
    ({ limits: { dollarsPerDay, dollarsPerMonth } }) =>
      dollarsPerDay !== undefined || dollarsPerMonth !== undefined,
  );

/** The model of a job, as jobs have it. Rejects with a 403 or 404 as a chat would, and a 400 where no job can be made of it. */
export async function permitModel(deps: PermitDeps, model: string, context: RequestContext): Promise<Target> {
  const { principal } = context.caller;
  if (isBudgeted(principal)) throw noBudget();
  const target = await resolveFor(deps.resolver, principal, model, { region: deps.region });
  assertInScope(principal, target);
  refuseOthers(target, deps.region);
  return asInJobs(target);
}

/** What a job comes to is known when it has ended, and then it has been spent: no budget would hold against it. */
const noBudget = (): GatewayError =>
  new GatewayError({
    status: 403,
    reason: 'forbidden',
    code: 'budget_not_enforceable',
    message:
      'This API key, or its team, has a budget in dollars, to which no batch can be held: its cost is known only when it has ended. Make the batch with a key that has none.',
  });

/** What can be called and is not offered for jobs (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html). */
function refuseOthers(target: Target, region: string): void {
  const { asked, id, underlying, backend } = target;
  const resource = parseArn(id)?.resource;
  if (target.region !== region)
    throw notOffered(asked, `it is in ${target.region}, and batches of this gateway run in ${region}`);
  if (embeddingFamilyOfTarget(target)) throw notOffered(asked, 'it makes embeddings');
  if (!hasBatches(underlying ?? id)) throw notOffered(asked, 'Amazon Bedrock has no batch inference of it');
  if (backend === 'invoke')
    throw notOffered(asked, 'Amazon Bedrock has no batch inference of imported models');
  if (resource !== undefined && !offered.has(resource))
    throw notOffered(asked, 'Amazon Bedrock has no batch inference of what its ARN names');
}

const offered: ReadonlySet<string> = new Set([
  'foundation-model',
  'inference-profile',
  'application-inference-profile',
]);

const notOffered = (model: string, why: string): GatewayError =>
  unsupported(`The model \`${model}\` is not offered for batches: ${why}.`, field('model'));

/** Profiles that are tried for one job. */
const mostTries = 3;

/** Makes a job, through the profile that the model wants to be called by where Bedrock says so. */
export async function throughProfiles(
  { resolver }: Pick<PermitDeps, 'resolver'>,
  first: Target,
  context: RequestContext,
  make: (target: Target) => Promise<string>,
): Promise<{ arn: string; target: Target }> {
  let target = first;
  for (let tries = 1; ; tries += 1) {
    assertInScope(context.caller.principal, target);
    try {
      return { arn: await make(target), target };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      const next = tries < mostTries ? await resolver.afterRefusal(target, error) : undefined;
      if (!next) throw error;
      target = { ...next, capabilities: first.capabilities };
    }
  }
}
