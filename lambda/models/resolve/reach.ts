import type { Config } from '../../config.ts';
import { once } from '../../once.ts';
import { baseModelId } from '../names/model-id.ts';
import { decodeName, parseName, splitContext } from '../names/parse.ts';
import { mayAskForTechnique } from '../names/technique-form.ts';
import type { Target } from '../target.ts';
import { findAlias } from './aliases.ts';
import { placeFoundation } from './foundation.ts';
import type { Explained } from './permitted.ts';
import { conversePlace, type Knowledge, type Place, type Walk } from './walk.ts';

/** The target at the end of one walk, with the reasons for each of its steps. */
export async function reached(
  name: string,
  region: string,
  walkTo: (walk: Walk) => Promise<Place>,
): Promise<Explained> {
  const walk: Walk = {
    asked: name,
    region,
    regionNamed: false,
    warnings: [],
    reasons: [],
    followed: new Set(),
  };
  const place = await walkTo(walk);
  const { warnings, reasons, defaults, alias, reportAs = name } = walk;
  const betas = walk.context === undefined ? [] : await contextBetas(walk, place);
  const target: Target = {
    asked: name,
    ...place,
    reportAs,
    ...(alias && { alias }),
    ...(defaults && { defaults }),
    ...(betas.length > 0 && { betas }),
    warnings,
  };
  return { target, reasons };
}

/** Settings come first, then the name's own text. */
export async function follow(knowledge: Knowledge, walk: Walk, given: string): Promise<Place> {
  const name = decodeName(given);
  const next =
    (await followAlias(knowledge.config, walk, name)) ?? followSuccessor(knowledge.config, walk, name);
  if (next !== undefined) return follow(knowledge, walk, next);
  const { name: bare, context } = splitContext(name);
  if (context === undefined) return place(knowledge, walk, name);
  walk.context = context;
  walk.reasons.push(`[${context}] asks for a context window: the model is \`${bare}\``);
  return follow(knowledge, walk, bare);
}

/** The flag for a context window that is a beta; a model without one keeps its own, and a warning says so. */
async function contextBetas({ context, warnings }: Walk, { id, underlying, capabilities }: Place) {
  if (context !== '1m') return [];
  const { longContextBeta } = await import('../families/long-context.ts');
  const beta = longContextBeta(underlying ?? id);
  if (beta) return [beta];
  const { contextTokens } = capabilities;
  if (contextTokens !== undefined && contextTokens < 1_000_000)
    warnings.push(`[1m] has no effect: the context window of this model is ${contextTokens} tokens`);
  return [];
}

async function followAlias(config: Config, walk: Walk, name: string): Promise<string | undefined> {
  const alias = findAlias(config.aliases, name);
  if (!alias || walk.followed.has(`alias ${alias.key}`)) return undefined;
  walk.followed.add(`alias ${alias.key}`);
  walk.alias ??= { key: alias.key, name };
  walk.reasons.push(`MODEL_ALIASES: \`${alias.key}\` is \`${alias.model}\``);
  walk.defaults = alias.defaults || walk.defaults ? { ...alias.defaults, ...walk.defaults } : undefined;
  const { model } = alias;
  return mayAskForTechnique(model) ? (await techniqueNames()).aliasedModel(config, walk, model) : model;
}

/** By the name as it is, or by the model that an id or ARN shows. */
function followSuccessor(config: Config, walk: Walk, name: string): string | undefined {
  const retired = [name, baseModelId(name)].find((key) => Object.hasOwn(config.retiredModels, key));
  if (retired === undefined || walk.followed.has(`retired ${retired}`)) return undefined;
  walk.followed.add(`retired ${retired}`);
  const successor = config.retiredModels[retired] as string;
  walk.reasons.push(`RETIRED_MODELS: \`${successor}\` takes the place of \`${retired}\``);
  walk.warnings.push(`the model ${name} is retired; ${successor} answers in its place`);
  walk.reportAs = successor;
  // A name that another model stands in for says nothing about what is called.
  walk.alias = undefined;
  return successor;
}

/** Names that do not say what they are cost a listing or a question, and what asks it is loaded for them. */
async function place(knowledge: Knowledge, walk: Walk, name: string): Promise<Place> {
  const parsed = parseName(name);
  switch (parsed.kind) {
    case 'foundation':
      return (
        (knowledge.config.mantle &&
          (await import('./mantle.ts')).placeMantle(walk, parsed.id, walk.region)) ||
        placeFoundation(knowledge, walk, parsed.id, walk.region)
      );
    case 'profile':
      walk.reasons.push(`\`${parsed.id}\` is the id of a system inference profile: called as it is`);
      return conversePlace(parsed.id, walk.region, baseModelId(parsed.id));
    case 'arn':
      return (await import('./arn.ts')).placeArn(knowledge, walk, parsed.arn, parsed.parts);
    case 'custom':
      return (await listed()).placeCustom(knowledge, walk, parsed.id);
    case 'prefixed':
      walk.reasons.push(`another gateway's prefix before \`${parsed.name}\``);
      return follow(knowledge, walk, parsed.name);
    case 'regional':
      walk.reasons.push(`the name says the region: ${parsed.region}`);
      Object.assign(walk, { region: parsed.region, regionNamed: true });
      return follow(knowledge, walk, parsed.name);
    case 'friendly':
      return placeNamed(knowledge, walk, parsed.name);
  }
}

/** Whatever has the name in the account; of an alias's technique on a model, the model. */
async function placeNamed(knowledge: Knowledge, walk: Walk, name: string): Promise<Place> {
  const found = await (await listed()).placeFriendly(knowledge, walk, name);
  if (found) return found;
  const rest = walk.alias && mayAskForTechnique(name) ? (await techniqueNames()).restOf(name) : undefined;
  return rest ? follow(knowledge, walk, rest) : placeDefault(knowledge, walk);
}

/** What reads techniques in names, for aliases that lead to one. */
const techniqueNames = once(() => import('./technique-name.ts'));
/** Kept, because Node looks a file up with every import, and agents call models by friendly names in each request. */
const listed = once(() => import('./listed.ts'));

/** The default model answers for names that nothing has. */
export async function placeDefault(knowledge: Knowledge, walk: Walk): Promise<Place> {
  const { setting, model } = knowledge.default;
  if (model === undefined || walk.followed.has(setting))
    throw (await listed()).notFound(await knowledge.catalogue.load(), walk.asked);
  walk.followed.add(setting);
  walk.reasons.push(`nothing is called so; ${setting} is \`${model}\``);
  walk.warnings.push(`no model is called ${walk.asked}; ${model} answers in its place`);
  walk.reportAs = model;
  walk.alias = undefined;
  return follow(knowledge, walk, model);
}
