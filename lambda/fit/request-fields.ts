import { metadata, serviceTiers } from '../aws/limits.ts';
import { cleanMetadata } from '../canonical/request-metadata.ts';
import { badRequest } from '../errors.ts';
import { warn } from './notes.ts';
import type { Draft, FitStep } from './types.ts';

/** Converse's own limits for what does not reach the model, checked here so that the 400 names the parameter. */
export const fitRequestFields: FitStep = (draft) => {
  checkTier(draft);
  checkResponsePaths(draft);
  fitMetadata(draft);
};

function checkTier({ request }: Draft): void {
  const tier = request.serviceTier?.type;
  if (tier === undefined || serviceTiers.some((known) => known === tier)) return;
  throw badRequest(`service_tier ${tier} is not one of auto, ${serviceTiers.join(', ')}.`, 'service_tier');
}

function checkResponsePaths({ request }: Draft): void {
  const param = 'additionalModelResponseFieldPaths';
  const paths = request[param] ?? [];
  if (paths.length > 10)
    throw badRequest(`${param} has ${paths.length} entries; a maximum of 10 is allowed.`, param);
  for (const [index, path] of paths.entries()) {
    if (path.startsWith('/') && path.length <= 256) continue;
    throw badRequest(
      `${param}[${index}] must be a JSON Pointer of 1 to 256 characters.`,
      `${param}[${index}]`,
    );
  }
}

/** Too many or too long: a 400. Foreign characters become `_`. */
function fitMetadata(draft: Draft): void {
  const entries = Object.entries(draft.request.requestMetadata ?? {});
  if (entries.length > metadata.entries) {
    throw badRequest(
      `metadata has ${entries.length} entries; a maximum of ${metadata.entries} is allowed.`,
      'metadata',
    );
  }
  for (const [key, value] of entries) {
    if (key === '' || key.length > metadata.characters) {
      throw badRequest(`metadata keys must have 1 to ${metadata.characters} characters.`, 'metadata');
    }
    if (value.length > metadata.characters) {
      throw badRequest(
        `metadata.${key} has ${value.length} characters; at most ${metadata.characters} are allowed.`,
        `metadata.${key}`,
      );
    }
  }
  if (entries.length === 0) {
    delete draft.request.requestMetadata;
    return;
  }
  const clean = entries.map(([key, value]) => [cleanMetadata(key), cleanMetadata(value)] as const);
  if (entries.some(([key, value], i) => key !== clean[i]?.[0] || value !== clean[i]?.[1])) {
    warn(draft, 'metadata: characters that Bedrock does not allow became _');
  }
  draft.request.requestMetadata = Object.fromEntries(clean);
}
