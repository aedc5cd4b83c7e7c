import { GatewayError, modelNotAllowed } from '../../errors.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { embeddingFamilyOfTarget } from '../embeddings/families.ts';
import { imageFamilyOfTarget } from '../images/families.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { isBadName } from '../names/invalid-name.ts';
import { parseArn } from '../names/model-id.ts';
import { decodeName, parseName, splitContext } from '../names/parse.ts';
import { rerankFamilyOfTarget } from '../rerank/families.ts';
import type { Called, Target } from '../target.ts';

/** A target, with each step to it and its reason. */
export interface Explained {
  target: Target;
  reasons: string[];
}

export interface PermittedOptions {
  name: string;
  permits: (called: Called) => boolean;
  /** Where the name leads. */
  reach: () => Promise<Explained>;
  /** Where a name leads that nothing has: to the default model, in the region that the name says. */
  reachDefault: (regionNamed?: string) => Promise<Explained>;
  catalogue: Pick<Catalogue, 'load'>;
}

/**
 * Resolves a name for someone who may not use everything. What he may not use does not exist for him: whether
 * the account has it shows neither in the status nor in the text. Only what is wrong in the name's own text is
 * said, since that says nothing about the account.
 */
export async function resolvePermitted(options: PermittedOptions): Promise<Explained> {
  const { name, permits, reach, reachDefault, catalogue } = options;
  const found = await reach().catch(hidden);
  if (found && permits(found.target) && (await exists(found.target, catalogue))) return found;
  const standIn = await standInFor(name, reachDefault);
  if (standIn && permits(standIn.target)) return standIn;
  throw modelNotAllowed(name);
}

/** Undefined for an error that reveals what the account has; throws the others. */
function hidden(error: unknown): undefined {
  const reveals =
    error instanceof GatewayError &&
    !isBadName(error) &&
    (error.reason === 'model_not_found' || error.reason === 'bad_request');
  if (!reveals) throw error;
}

/**
 * An id may be well-formed and no model's: a pattern such as `*nova*` fits `acme.nova` too. A model of a known
 * family is taken at its word, as Bedrock will refuse it; any other has to be in the catalogue.
 */
async function exists(target: Target, catalogue: Pick<Catalogue, 'load'>): Promise<boolean> {
  const id = shownId(target.id);
  if (id === undefined || target.capabilities.family !== 'unknown') return true;
  if (embeddingFamilyOfTarget(target) || rerankFamilyOfTarget(target) || imageFamilyOfTarget(target))
    return true;
  const { rows } = await catalogue.load();
  return rows.some((row) => row.modelId === id);
}

/** The id of a model or system profile; undefined for ARNs that hide their model. */
function shownId(id: string): string | undefined {
  const arn = parseArn(id);
  if (!arn) return id;
  const kind = arnKind(arn.resource);
  return kind === 'foundation' || kind === 'profile' ? arn.id : undefined;
}

/** The default model answers for what may be a name, never for an id. */
async function standInFor(given: string, reachDefault: PermittedOptions['reachDefault'], region?: string) {
  const parsed = parseName(splitContext(decodeName(given)).name);
  if (parsed.kind === 'regional') return standInFor(parsed.name, reachDefault, parsed.region);
  if (parsed.kind === 'prefixed') return standInFor(parsed.name, reachDefault, region);
  return parsed.kind === 'friendly' ? reachDefault(region).catch(hidden) : undefined;
}
