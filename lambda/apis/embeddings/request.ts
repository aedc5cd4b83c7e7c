import type * as v from 'valibot';
import type { EmbeddingsRequest } from '../../engine/embeddings.ts';
import { guardrailIn } from '../shared/guardrail-asked.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { validate } from '../shared/validate.ts';
import { hasObjects, readInput, readItems } from './input.ts';
import type { ImageSources } from './item.ts';
import { parameters as known } from './parameters.ts';
import { embeddingsSchema } from './schema.ts';
import type { DecodeTokens } from './tokens.ts';

export interface EmbeddingsCall {
  request: EmbeddingsRequest;
  encoding: 'float' | 'base64';
  /** Parameters without any effect. */
  ignored: string[];
}

export interface ReadOptions {
  /** Refuse unknown parameters. */
  strict: boolean;
  decoder: () => Promise<DecodeTokens>;
}

/** One text, as text or as its tokens, and no list of texts. */
const isSingle = (input: unknown) =>
  typeof input === 'string' || (Array.isArray(input) && typeof input[0] === 'number');

/** A client's JSON → what is asked of the engine, where nothing has to be known between the two steps. */
export async function translateRequest(
  body: Fields,
  { strict, decoder }: ReadOptions,
): Promise<EmbeddingsCall> {
  return translateInput(readParameters(body, strict), decoder);
}

/** A request whose parameters are known; its input has not been looked at. */
export interface AskedEmbeddings {
  parameters: v.InferOutput<typeof embeddingsSchema>;
  ignored: string[];
}

/** Throws a 400 that names the parameter at fault. */
export function readParameters(body: Fields, strict: boolean): AskedEmbeddings {
  const parameters = validate(embeddingsSchema, body);
  return { parameters, ignored: ignoredParameters(body, known, strict) };
}

/**
 * Throws a 400 that names the item at fault, or a 413 for tokens that stand for too much text and for too many images.
 * `fetched`: what the URLs of images have given.
 */
export async function translateInput(
  { parameters, ignored }: AskedEmbeddings,
  decoder: () => Promise<DecodeTokens>,
  fetched: ImageSources['fetched'] = new Map(),
): Promise<EmbeddingsCall> {
  const { model, input, dimensions, encoding_format, input_type, truncate, normalize } = parameters;
  return {
    request: {
      model,
      ...(hasObjects(input) ? readItems(input, fetched) : { texts: await readInput(input, decoder) }),
      ...(isSingle(input) && { single: true }),
      dimensions: dimensions ?? undefined,
      inputType: input_type ?? undefined,
      truncate: truncate ?? undefined,
      normalize: normalize ?? undefined,
      guardrail: guardrailIn(parameters),
    },
    encoding: encoding_format ?? 'float',
    ignored,
  };
}
