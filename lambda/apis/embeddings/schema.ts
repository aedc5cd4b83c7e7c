import * as v from 'valibot';
import { inputTypes, truncations } from '../../models/embeddings/families.ts';
import { guardrailSchema } from '../shared/guardrail-asked.ts';
import { count, modelName } from '../shared/schema.ts';

/** Words of other providers for the same things: Voyage and NVIDIA say what a text is, Cohere v4 where to cut. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ['document', 'search_document'],
  ['passage', 'search_document'],
  ['generic_index', 'search_document'],
  ['query', 'search_query'],
  ['generic_retrieval', 'search_query'],
  ['left', 'start'],
  ['right', 'end'],
]);

const word = <const T extends readonly string[]>(words: T) =>
  v.nullish(
    v.pipe(
      v.string(),
      v.transform((value) => value.toLowerCase()),
      v.transform((value) => otherWords.get(value) ?? value),
      v.picklist(words),
    ),
  );

/**
 * The parameters of POST /embeddings (https://platform.openai.com/docs/api-reference/embeddings/create) and
 * three of Bedrock's models beyond them. `input` is read where it is translated.
 */
export const embeddingsSchema = v.looseObject({
  model: modelName,
  input: v.optional(v.unknown()),
  dimensions: count(1),
  encoding_format: v.nullish(v.picklist(['float', 'base64'])),
  input_type: word(inputTypes),
  truncate: word(truncations),
  normalize: v.nullish(v.boolean()),
  ...guardrailSchema,
});
