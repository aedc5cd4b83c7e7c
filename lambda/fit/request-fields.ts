import { cleanMetadata } from '../canonical/request-metadata.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import { warn } from './notes.ts';
import type { Draft, FitStep } from './types.ts';

const serviceTiers = ['default', 'priority', 'flex', 'reserved'];

/** Converse's own limits for what does not reach the model, checked here so that the 400 names the parameter. */
export const fitRequestFields: FitStep = (draft) => {
  checkTier(draft);
  checkResponsePaths(draft);
  fitMetadata(draft);
};

function checkTier({ request }: Draft): void {
  const tier = request.serviceTier?.type;
  if (tier === undefined || serviceTiers.includes(tier)) return;
  throw badRequest(
    note`${field('serviceTier')} ${tier} is not one of auto, ${serviceTiers.join(', ')}.`,
    field('serviceTier'),
  );
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

const metadata = field('requestMetadata');

/** 1 to 16 entries, keys of 1 to 256 characters, values of at most 256. Foreign characters become `_`. */
function fitMetadata(draft: Draft): void {
  const entries = Object.entries(draft.request.requestMetadata ?? {});
  if (entries.length > 16) {
    throw badRequest(note`${metadata} has ${entries.length} entries; a maximum of 16 is allowed.`, metadata);
  }
  for (const [key, value] of entries) {
    if (key === '' || key.length > 256) {
      throw badRequest(note`${metadata} keys must have 1 to 256 characters.`, metadata);
    }
    if (value.length > 256) {
      throw badRequest(
        note`${field('requestMetadata', key)} has ${value.length} characters; at most 256 are allowed.`,
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
    warn(draft, note`${metadata}: characters that Bedrock does not allow became _`);
  }
  draft.request.requestMetadata = Object.fromEntries(clean);
}
