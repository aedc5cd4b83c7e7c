import type { EmbeddingsRequest } from '../../engine/embeddings.ts';
import type { Fields } from '../shared/json.ts';
import { unknownParameter } from '../shared/unknown-parameter.ts';
import { validate } from '../shared/validate.ts';
import { readInput } from './input.ts';
import { embeddingsSchema, knownParameters } from './schema.ts';
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

/** A client's JSON → what is asked of the engine. Throws a 400 that names the parameter at fault. */
export async function translateRequest(
  body: Fields,
  { strict, decoder }: ReadOptions,
): Promise<EmbeddingsCall> {
  const { model, dimensions, encoding_format, input_type, truncate, normalize } = validate(
    embeddingsSchema,
    body,
  );
  const unknown = Object.keys(body).filter((name) => !knownParameters.has(name) && body[name] !== null);
  if (strict && unknown[0] !== undefined) throw unknownParameter(unknown[0]);
  return {
    request: {
      model,
      texts: await readInput(body.input, decoder),
      ...(isSingle(body.input) && { single: true }),
      dimensions: dimensions ?? undefined,
      inputType: input_type ?? undefined,
      truncate: truncate ?? undefined,
      normalize: normalize ?? undefined,
    },
    encoding: encoding_format ?? 'float',
    ignored: unknown,
  };
}
