import * as v from 'valibot';
import { guardrailSchema } from '../shared/guardrail-asked.ts';
import { flag, list, modelName, someCount } from '../shared/schema.ts';

const nullishCount = v.nullish(someCount(1));
/** Whatever is more than there are documents means all of them: programs say so with the largest number they have. */
const howMany = v.nullish(someCount(1, Number.MAX_SAFE_INTEGER));

/**
 * The parameters of POST /rerank, Cohere's of both versions (https://docs.cohere.com/reference/rerank,
 * https://docs.cohere.com/v1/reference/rerank) and those that Jina has beside them. Documents are checked where they are
 * read.
 */
export const rerankSchema = v.looseObject({
  model: modelName,
  query: v.pipe(v.string(), v.nonEmpty('it must not be empty')),
  documents: list,
  top_n: howMany,
  return_documents: flag,
  rank_fields: v.nullish(v.array(v.string())),
  max_tokens_per_doc: nullishCount,
  max_chunks_per_doc: nullishCount,
  ...guardrailSchema,
});

export type RerankParameters = v.InferOutput<typeof rerankSchema>;
