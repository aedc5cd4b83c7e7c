import * as v from 'valibot';

const metadataText = (most: number) =>
  v.pipe(v.string(), v.maxLength(most, `it must have at most ${most} characters`));

/** What POST /batches has to be (https://platform.openai.com/docs/api-reference/batch/create). */
export const createSchema = v.looseObject({
  input_file_id: v.pipe(v.string(), v.nonEmpty('it must not be empty'), v.maxLength(2048)),
  endpoint: v.pipe(v.string(), v.nonEmpty('it must not be empty')),
  completion_window: v.picklist(['24h']),
  metadata: v.nullish(
    v.pipe(
      v.record(metadataText(64), metadataText(512)),
      v.check((entries) => Object.keys(entries).length <= 16, 'it must have at most 16 entries'),
    ),
  ),
});
