import type { EmbeddingField } from '../../fields.ts';
import { type Parameter, user } from '../shared/parameters.ts';
import { type FieldNames, spellingFor } from '../shared/spelling.ts';
import { embeddingsSchema } from './schema.ts';

/** Every parameter of the schema has an effect; the one of OpenAI's beside them has none. */
export const parameters: Readonly<Record<string, Pick<Parameter, 'effect'>>> = {
  ...Object.fromEntries(Object.keys(embeddingsSchema.entries).map((name) => [name, { effect: 'used' }])),
  user,
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
