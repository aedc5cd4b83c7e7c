import { docs } from '../../docs.ts';
import type { RerankField } from '../../fields.ts';
import { guardrailParameters } from '../shared/guardrail-asked.ts';
import { byModel, ignored, type Parameters, used } from '../shared/parameters.ts';
import { type FieldNames, spellingFor } from '../shared/spelling.ts';

/** Every parameter and what becomes of it: behind `x-gateway-ignored`, the strict mode and docs/rerank.md. */
export const parameters: Parameters = {
  model: used(
    docs &&
      '`cohere.rerank-v3-5:0`, `amazon.rerank-v1:0`, an alias, or one of Cohere’s own names such as `rerank-v3.5`.',
  ),
  query: used(docs && 'What the documents are ranked by.'),
  documents: used(
    docs &&
      '1 to 1,000, texts or objects. Of an object its `text` is ranked, or where it has none all its members, as lines of `name: value`.',
  ),
  top_n: used(docs && 'How many of the best come back. Without it, or where there are fewer, all.'),
  return_documents: used(docs && '`true`: each result has its `document`, an object as it was sent.'),
  rank_fields: used(docs && 'Members of documents that are objects: only these are ranked.'),
  max_tokens_per_doc: byModel(docs && 'Sent to Cohere’s model; ignored for Amazon’s, which refuses it.'),
  max_chunks_per_doc: used(docs && 'Refused: Bedrock has no counterpart. Use `max_tokens_per_doc`.'),
  priority: ignored(docs && 'No counterpart on Bedrock.', [0]),
  ...guardrailParameters,
};

const fieldNames: FieldNames<RerankField> = {
  model: 'model',
  query: 'query',
  documents: 'documents',
  maxTokensPerDoc: 'max_tokens_per_doc',
};

/** Each field has one name, whoever asks. */
export const spell = spellingFor({}, fieldNames);
