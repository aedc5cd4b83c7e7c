import * as v from 'valibot';

const block = v.looseObject({ type: v.string() });
const content = v.union([v.string(), v.array(block)]);

const model = v.pipe(v.string(), v.nonEmpty(), v.maxLength(2048));

/** Of whom it is asked. */
export const modelSchema = v.looseObject({ model });

/**
 * What POST /messages/count_tokens has to be (https://platform.claude.com/docs/en/api/messages-count-tokens). Whatever
 * else it holds is counted as it is.
 */
export const countSchema = v.looseObject({
  model,
  messages: v.pipe(
    v.array(v.looseObject({ role: v.picklist(['user', 'assistant', 'system']), content })),
    v.nonEmpty(),
  ),
  system: v.nullish(content),
  tools: v.nullish(v.array(v.looseObject({}))),
});
