import type { ConverseRequest } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { toGatewayError } from '../errors.ts';
import { capabilitiesOf } from '../models/families/capabilities-of.ts';
import { parseArn } from '../models/names/model-id.ts';
import { parseName } from '../models/names/parse.ts';
import { findAlias } from '../models/resolve/aliases.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import { chainFor } from '../policy/chains.ts';
import type { Step } from '../policy/fallback.ts';
import { regionsFor } from '../policy/regions.ts';
import { resolveFor } from './in-scope.ts';
import type { Asked, Caller } from './types.ts';

/** A step resolves its model when it is tried: a fallback that is not needed costs no look-up. */
export interface PlannedStep extends Step {
  /** The first step's, which had to be resolved to know its regions. */
  resolved?: Target;
  /** A fallback's: what the name that was asked for says by default, where this step's own does not. */
  guardrail?: Pick<ConverseRequest, 'guardrailConfig'>;
}

export interface Plan {
  steps: PlannedStep[];
  /** Fallbacks that the request asked for and that its key may not use. */
  refused: string[];
}

export interface PlanDeps {
  config: Pick<Config, 'aliases' | 'region' | 'regions' | 'residency' | 'fallbacks'>;
  resolver: Pick<Resolver, 'resolve'>;
}

/** What to try for a request, in order: each model of its chain in each region it may be called in. */
export async function plan(deps: PlanDeps, asked: Asked, caller: Caller): Promise<Plan> {
  const { model, fallbacks: requested } = asked;
  const region = caller.region ?? deps.config.region;
  const first = await resolveFor(deps.resolver, caller.principal, model, { region }).catch(toGatewayError);
  const target = first instanceof Error ? undefined : first;
  const [, ...others] = chainFor({
    names: [model, ...(target ? [target.id, ...(target.underlying ? [target.underlying] : [])] : [])],
    requested,
    settings: deps.config.fallbacks,
  });
  const usable = await Promise.all(others.map((name) => mayUse(deps, caller, name, region)));
  const fallbacks = others.filter((_, i) => usable[i]);
  // With nothing to fall back to, the reason why the name did not resolve is the answer.
  if (first instanceof Error && fallbacks.length === 0) throw first;
  const { guardrailConfig } = (target ?? findAlias(deps.config.aliases, model))?.defaults ?? {};
  const steps = [model, ...fallbacks].flatMap((name, i) => {
    const label = i > 0 && !requested ? shortName(name) : name;
    return stepsOf(deps.config, caller, name, i === 0 ? target : undefined).map((step) => ({
      ...step,
      ...(label !== name && { label }),
      ...(i > 0 && guardrailConfig && { guardrail: { guardrailConfig } }),
    }));
  });
  return { steps, refused: requested ? others.filter((_, i) => !usable[i]) : [] };
}

/** The target of a step, under the name that a client may see. */
export async function targetOf(
  { resolver }: Pick<PlanDeps, 'resolver'>,
  { principal }: Caller,
  { model, region, label, resolved, guardrail }: PlannedStep,
): Promise<Target> {
  const target = resolved ?? (await resolveFor(resolver, principal, model, { region }));
  if (label === undefined && !guardrail) return target;
  return {
    ...target,
    ...(label !== undefined && { asked: label }),
    ...(guardrail && { defaults: { ...guardrail, ...target.defaults } }),
  };
}

/** What a scope allows is known when a name is resolved; without one a fallback costs no look-up yet. */
async function mayUse(
  { resolver }: PlanDeps,
  { principal }: Caller,
  name: string,
  region: string,
): Promise<boolean> {
  if (principal.models === undefined) return true;
  return resolveFor(resolver, principal, name, { region }).then(
    () => true,
    () => false,
  );
}

/** An ARN of the settings by its last part: the account in it is the operator's. */
function shortName(name: string): string {
  const arn = parseArn(name);
  return arn ? `${arn.resource}/${arn.id}` : name;
}

function stepsOf(
  config: PlanDeps['config'],
  caller: Caller,
  model: string,
  resolved: Target | undefined,
): PlannedStep[] {
  const home = caller.region ?? config.region;
  const { contextTokens } = resolved?.capabilities ?? capabilitiesOf(model);
  return placesOf(config, caller, model, home, resolved).map((region) => ({
    model,
    region,
    ...(contextTokens !== undefined && { contextTokens }),
    ...(resolved && region === resolved.region && { resolved }),
  }));
}

/** One region where the caller or the name itself says which; else those of the setting. */
function placesOf(
  config: PlanDeps['config'],
  caller: Caller,
  model: string,
  home: string,
  resolved: Target | undefined,
): string[] {
  if (caller.region !== undefined) return [resolved?.region ?? home];
  if (resolved) return resolved.region === home ? regionsFor(resolved, config) : [resolved.region];
  return regionNamed(model) ?? regionsFor({ asked: model, id: model, region: home }, config);
}

function regionNamed(model: string): string[] | undefined {
  try {
    const name = parseName(model);
    if (name.kind === 'prefixed') return regionNamed(name.name);
    return name.kind === 'regional' ? [name.region] : undefined;
  } catch {
    // What is wrong with the name is the failure of its step.
    return undefined;
  }
}
