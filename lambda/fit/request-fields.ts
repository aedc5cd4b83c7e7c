import { metadata, serviceTiers } from '../aws/limits.ts';
import { cleanMetadata } from '../canonical/request-metadata.ts';
import type { ConverseRequest } from '../canonical/types.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import { type Notes, warn } from './notes.ts';
import type { Draft, FitStep } from './types.ts';

/** Converse's own limits for what does not reach the model, checked here so that the 400 names the parameter. */
export const fitRequestFields: FitStep = (draft) => {
  checkTier(draft);
  checkResponsePaths(draft);
  fitMetadata(draft);
};

/** Throws a 400 for a tier that Bedrock does not have. */
export function checkTier({ request }: Holding<'serviceTier'>): void {
  const tier = request.serviceTier?.type;
  if (tier === undefined || serviceTiers.some((known) => known === tier)) return;
  throw badRequest(
    note`${field('serviceTier')} ${tier} is not one of auto, ${serviceTiers.join(', ')}.`,
    field('serviceTier'),
  );
}

/** Whatever holds these members of a Converse request. */
export interface Holding<Member extends keyof ConverseRequest> {
  request: Pick<ConverseRequest, Member>;
}

function checkResponsePaths({ request }: Draft): void {
  const name = 'additionalModelResponseFieldPaths';
  const paths = request[name] ?? [];
  if (paths.length > 10)
    throw badRequest(
      note`${field(name)} has ${paths.length} entries; a maximum of 10 is allowed.`,
      field(name),
    );
  for (const [index, path] of paths.entries()) {
    if (path.startsWith('/') && path.length <= 256) continue;
    throw badRequest(
      note`${field(name, index)} must be a JSON Pointer of 1 to 256 characters.`,
      field(name, index),
    );
  }
}

const named = field('requestMetadata');

/** Too many or too long: a 400. Foreign characters become `_`. */
export function fitMetadata(draft: Holding<'requestMetadata'> & Pick<Notes, 'warnings'>): void {
  const entries = Object.entries(draft.request.requestMetadata ?? {});
  if (entries.length > metadata.entries) {
    throw badRequest(
      note`${named} has ${entries.length} entries; a maximum of ${metadata.entries} is allowed.`,
      named,
    );
  }
  for (const [key, value] of entries) {
    if (key === '' || key.length > metadata.characters) {
      throw badRequest(note`${named} keys must have 1 to ${metadata.characters} characters.`, named);
    }
    if (value.length > metadata.characters) {
      throw badRequest(
        note`${field('requestMetadata', key)} has ${value.length} characters; at most ${metadata.characters} are allowed.`,
        field('requestMetadata', key),
      );
    }
  }
  if (entries.length === 0) {
    delete draft.request.requestMetadata;
    return;
  }
  const clean = entries.map(([key, value]) => [cleanMetadata(key), cleanMetadata(value)] as const);
  if (entries.some(([key, value], i) => key !== clean[i]?.[0] || value !== clean[i]?.[1])) {
    warn(draft, note`${named}: characters that Bedrock does not allow became _`);
  }
  draft.request.requestMetadata = Object.fromEntries(clean);
}
