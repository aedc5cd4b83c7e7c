import * as v from 'valibot';
import { modelName } from '../shared/schema.ts';

/**
 * The parameters of POST /moderations (https://platform.openai.com/docs/api-reference/moderations/create). `input` is
 * checked where it is read.
 */
export const moderationsSchema = v.looseObject({
  model: v.nullish(modelName),
  input: v.optional(v.unknown()),
});
