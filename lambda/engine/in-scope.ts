import type { Principal } from '../auth/principal.ts';
import { fitsArnPattern, fitsPattern } from '../auth/scope.ts';
import { partitionOf } from '../aws/regions.ts';
import { modelNotAllowed } from '../errors.ts';
import { type BedrockArn, parseArn } from '../models/names/model-id.ts';
import { isModelId } from '../models/names/parse.ts';
import type { ResolveOptions, Resolver } from '../models/resolve/resolve.ts';
import type { Called, Target } from '../models/target.ts';

/**
 * Whether a key may call something, judged by what would be called and never by what a client wrote: by its id,
 * the model behind it, the alias that led to it, or the name that the account gave it.
 */
export function isInScope({ models }: Principal, called: Called): boolean {
  return models === undefined || models.some((pattern) => opens(pattern, called));
}

/** Throws the 403 for what a key may not call. */
export function assertInScope(principal: Principal, target: Target): void {
  if (!isInScope(principal, target)) throw modelNotAllowed(target.asked);
}

/**
 * Resolves a name for a key: the only way to a target. For a key with a scope nothing outside of it exists, so
 * a name that leads there, one that nothing has and one that only others could use end in the same 403.
 */
export async function resolveFor(
  resolver: Pick<Resolver, 'resolve'>,
  principal: Principal,
  name: string,
  options: Pick<ResolveOptions, 'region'>,
): Promise<Target> {
  if (principal.models === undefined) return resolver.resolve(name, options);
  return resolver.resolve(name, { ...options, permits: (called) => isInScope(principal, called) });
}

function opens(pattern: string, called: Called): boolean {
  if (isEverything(pattern) || pattern === called.alias?.key || called.listedAs?.includes(pattern))
    return true;
  const [, region, named] = /^custom:([^:]*):(.+)$/.exec(pattern) ?? [];
  if (region !== undefined && named !== undefined)
    return fitsPattern(region, called.region) && opens(named, called);
  if (pattern.startsWith('arn:')) return arnsOf(called).some((arn) => fitsArnPattern(pattern, arn));
  return modelsOf(called).some((model) => fitsPattern(pattern, model)) || opensNames(pattern, called);
}

const isEverything = (pattern: string) => /^\*+$/.test(pattern);

/**
 * A pattern that begins with a star speaks of models alone: `*nova*` is not to open whatever somebody called
 * "innovation". Others may be names of the account or aliases too, unless those look like models' ids.
 */
function opensNames(pattern: string, { alias, listedAs = [] }: Called): boolean {
  if (pattern.startsWith('*')) return false;
  if (listedAs.some((name) => fitsPattern(pattern, name))) return true;
  if (!alias || isModelId(alias.name)) return false;
  return fitsPattern(pattern, alias.key) || pattern === alias.name;
}

/** Ids of the model: its own, and that of the profile that is called. */
function modelsOf({ id, underlying }: Called): string[] {
  const arn = parseArn(id);
  if (isRouter(arn)) return [];
  const shown = arn === undefined ? id : showsModel.has(arn.resource) ? arn.id : undefined;
  return [shown, underlying].filter((name) => name !== undefined);
}

const showsModel: ReadonlySet<string> = new Set(['foundation-model', 'inference-profile']);

/** Which of its models a router calls is Bedrock's choice, so none of them says what will be called. */
const isRouter = (arn: BedrockArn | undefined): boolean => arn?.resource.endsWith('prompt-router') ?? false;

/** The ARN that is called, and that of the foundation model behind it. */
function arnsOf({ id, region, underlying }: Called): string[] {
  const arn = parseArn(id);
  const model =
    underlying !== undefined && !isRouter(arn)
      ? [`arn:${partitionOf(region)}:bedrock:${region}::foundation-model/${underlying}`]
      : [];
  return arn === undefined ? model : [id, ...model];
}
