import type { Lane } from '../../engine/types.ts';
import type { Spell } from '../../fields.ts';
import { anthropicWording } from '../anthropic/reading.ts';
import { askedLane } from '../shared/bedrock-headers.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { spellingFor } from '../shared/spelling.ts';
import { validate } from '../shared/validate.ts';
import { plainName, readBetas } from './betas.ts';
import { fieldNames, otherNames } from './field-names.ts';
import { parameters } from './parameters.ts';
import { refuseServices } from './refusals.ts';
import { type MessagesRequest, messagesSchema } from './schema.ts';

/** A request whose parameters are known; its messages and tools have not been looked at. */
export interface AskedMessages {
  /** The body as the client wrote it. */
  given: Fields;
  request: MessagesRequest;
  /** Without an ending that asks for a beta. */
  model: string;
  /** Model names to try after the first. */
  fallbacks: string[] | undefined;
  betas: string[];
  lane: Lane | undefined;
  ignored: string[];
  /** What this client calls the fields of its request. */
  spell: Spell;
}

/** Reads the parameters, so that it is known what is asked of whom. Throws a 400 that names the one at fault. */
export function readParameters(given: Fields, headers: Headers, strict: boolean): AskedMessages {
  const ignored = ignoredParameters(given, parameters, strict);
  const request = validate(messagesSchema, given, anthropicWording);
  refuseServices(request);
  return {
    given,
    request,
    model: plainName(request.model),
    fallbacks: request.models ?? namesIn(request.fallbacks),
    betas: readBetas(request, headers),
    lane: askedLane(headers),
    ignored,
    spell: spellingFor(request, fieldNames, otherNames),
  };
}

/** Anthropic's own fallbacks are objects, and say nothing of Bedrock's models. An empty list asks for none. */
function namesIn(fallbacks: MessagesRequest['fallbacks']): string[] | undefined {
  if (!Array.isArray(fallbacks)) return undefined;
  const names = fallbacks.filter((name): name is string => typeof name === 'string');
  return names.length === fallbacks.length ? names : undefined;
}
