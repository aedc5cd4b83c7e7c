import { docs } from '../../docs.ts';
import type { EmbeddingField } from '../../fields.ts';
import { guardrailParameters } from '../shared/guardrail-asked.ts';
import { byModel, type Parameters, used, user } from '../shared/parameters.ts';
import { type FieldNames, spellingFor } from '../shared/spelling.ts';

/** Every parameter and what becomes of it: behind `x-gateway-ignored`, the strict mode and docs/embeddings.md. */
export const parameters: Parameters = {
  model: used(docs && 'A model of the table above, its profile, or an alias.'),
  input: used(
    docs &&
      '1 to 2,048: texts, cl100k tokens (one list or several), or objects with images and texts (below).',
  ),
  dimensions: used(docs && 'A size of the table above; any other is a 400. Without it the first.'),
  encoding_format: used(docs && '`float`, the default, or `base64`.'),
  input_type: byModel(
    docs &&
      '`search_document`, `search_query`, `classification`, `clustering`; Nova also `text_retrieval`, `image_retrieval`, `video_retrieval`, `document_retrieval`, `audio_retrieval`. Other providers’ words for them are taken: `document`, `passage`, `query`. Without it Cohere’s get `search_document`, Nova `GENERIC_INDEX`.',
  ),
  truncate: byModel(
    docs &&
      '`none`, `start` (or `left`), `end` (or `right`): where a text that is too long is cut. Without it such a text is a 400 `context_length_exceeded`, but for Marengo 2.7, which cuts its end.',
  ),
  normalize: used(docs && 'Vectors of length 1: by the model, or by the gateway where the model does not.'),
  user,
  ...guardrailParameters,
};

/** What the API calls each field. */
const fieldNames: FieldNames<EmbeddingField> = {
  model: 'model',
  input: 'input',
  dimensions: 'dimensions',
  inputType: 'input_type',
  truncate: 'truncate',
};

/** Each field has one name, whoever asks. */
export const spell = spellingFor({}, fieldNames);
