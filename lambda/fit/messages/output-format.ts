import type { NativeRequest } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { closedSchema } from '../schema/closed.ts';
import { currentDraft } from '../schema/current-draft.ts';
import { type NativeStep, objectAt } from './draft.ts';

/** `output_config.format`, or `output_format`, as the member was called before. */
export function formatOf({ body }: Pick<NativeRequest, 'body'>): JsonObject | undefined {
  return objectAt(objectAt(body.output_config)?.format) ?? objectAt(body.output_format);
}

/** The schema of the answer, closed as grammars want it. What no grammar holds has gone by Converse. */
export const fitOutputFormat: NativeStep = (draft) => {
  const { body } = draft;
  const format = formatOf(draft);
  delete body.output_format;
  const given = objectAt(format?.schema);
  if (!format || !given) return;
  const hinted = new Set<string>();
  const { schema, lost } = currentDraft(given);
  const closed = closedSchema(schema, hinted);
  if (hinted.size > 0)
    warn(draft, note`${field('outputFormat')}: ${[...hinted].join(', ')} became part of descriptions`);
  for (const what of lost) warn(draft, note`${what} was left out of the schema of ${field('outputFormat')}`);
  body.output_config = { ...objectAt(body.output_config), format: { ...format, schema: closed } };
};
