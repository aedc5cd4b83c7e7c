import { badRequest, modelNotFound } from '../../errors.ts';
import { field } from '../../fields.ts';
import type { Snapshot } from '../catalogue/catalogue.ts';
import { type CatalogueEntry, namesOf } from '../catalogue/entry.ts';
import { type Found, findCustom, findEntry, findShortName, nearestNames } from '../catalogue/find.ts';
import { parseArn } from '../names/model-id.ts';
import { placeFoundation } from './foundation.ts';
import { placeImported } from './imported.ts';
import { conversePlace, type Knowledge, type Place, type Walk } from './walk.ts';

/** `custom.{id}`: the imported model of this id, or what the custom model of this id is called by. */
export async function placeCustom(knowledge: Knowledge, walk: Walk, name: string): Promise<Place> {
  const snapshot = await knowledge.catalogue.load();
  const found = findCustom(within(walk, snapshot.rows), name, walk.region);
  if (found.kind === 'one') return placeEntry(knowledge, walk, found.entry);
  throw notFound(snapshot, walk.asked, 'A custom model can be called once it has a deployment.');
}

/**
 * A name that something in the account has, or a model's short name. Undefined when nothing has it; throws a
 * 400 when several do.
 */
export async function placeFriendly(
  knowledge: Knowledge,
  walk: Walk,
  name: string,
): Promise<Place | undefined> {
  const { rows } = await knowledge.catalogue.load();
  for (const find of [findEntry, findShortName]) {
    const found = find(within(walk, rows), name, walk.region);
    if (found.kind === 'one') return placeEntry(knowledge, walk, found.entry);
    if (found.kind === 'many') throw ambiguous(name, found);
  }
  return undefined;
}

/** A name that says its region means nothing elsewhere. */
const within = (walk: Walk, rows: Snapshot['rows']) =>
  walk.regionNamed ? rows.filter((row) => row.region === walk.region) : rows;

/**
 * The 404 for a name that nothing has, with the names that come near. Where nothing could be listed at all,
 * nobody knows whether something has it, and the error says that instead.
 */
export function notFound({ rows, warnings, failure }: Snapshot, name: string, hint = '') {
  if (failure) return failure;
  const near = nearestNames(rows, name).map((id) => `\`${id}\``);
  const hints = [
    hint,
    near.length > 0 ? `Perhaps you mean ${near.join(' or ')}.` : '',
    'GET /v1/models lists the models there are.',
    warnings.length > 0 ? `(Not all could be listed: ${warnings[0]}.)` : '',
  ];
  return modelNotFound(name, hints.filter(Boolean).join(' '));
}

async function placeEntry(knowledge: Knowledge, walk: Walk, entry: CatalogueEntry): Promise<Place> {
  walk.reasons.push(`the catalogue has it: ${entry.type} \`${entry.id}\` in ${entry.region}`);
  switch (entry.type) {
    case 'foundation':
      return placeFoundation(knowledge, walk, entry.modelId, entry.region);
    case 'imported':
      return {
        ...(await placeImported(knowledge, walk, entry.modelId, entry.region)),
        listedAs: namesOf(entry),
      };
    case 'profile':
      return conversePlace(entry.modelId, entry.region, entry.underlying);
    default:
      return {
        ...conversePlace(entry.modelId, entry.region, entry.underlying),
        listedAs: namesOf(entry),
      };
  }
}

function ambiguous(name: string, { entries }: Extract<Found, { kind: 'many' }>) {
  const candidates = [...new Set(entries.map(({ modelId }) => `\`${shortened(modelId)}\``))];
  return badRequest(
    `\`${name}\` is the name of several models: ${candidates.join(', ')}. Ask for one of them by its id or ARN. ` +
      'GET /v1/models lists both.',
    field('model'),
    'ambiguous_model_name',
  );
}

/** An ARN by its last part: the account that it names is nobody's business in an error. */
function shortened(modelId: string): string {
  const arn = parseArn(modelId);
  return arn ? `${arn.resource}/${arn.id}` : modelId;
}
