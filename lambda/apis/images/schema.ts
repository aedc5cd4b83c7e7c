import * as v from 'valibot';
import { imageFormats } from '../../models/images/families.ts';
import {
  type ImageOption,
  imageOptionNames,
  imageOptions,
  type OptionRange,
} from '../../models/images/options.ts';
import { guardrailSchema } from '../shared/guardrail-asked.ts';
import { count, flag, modelName, someCount } from '../shared/schema.ts';

/** Bedrock's bound (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html). */
const prompt = v.nullish(v.pipe(v.string(), v.maxLength(10_000, 'it must have at most 10000 characters')));

/** OpenAI's form of a size: `1536x1024`. */
const sizeForm = /^([1-9]\d{1,4})x([1-9]\d{1,4})$/;

const size = v.nullish(
  v.pipe(
    v.string(),
    v.check(
      (value) => value === 'auto' || sizeForm.test(value),
      "expected 'auto' or pixels as in '1024x1024'",
    ),
    v.transform((value) => {
      const [, width, height] = sizeForm.exec(value) ?? [];
      return width === undefined ? undefined : { width: Number(width), height: Number(height) };
    }),
  ),
);

const format = v.nullish(
  v.pipe(
    v.string(),
    v.transform((value) => (value === 'jpg' ? 'jpeg' : value)),
    v.picklist(imageFormats),
  ),
);

function schemaOf(range: OptionRange): v.GenericSchema<string | number> {
  switch (range.type) {
    case 'text': {
      const { maxLength } = range;
      return v.pipe(v.string(), v.maxLength(maxLength, `it must have at most ${maxLength} characters`));
    }
    case 'integer':
      return someCount(range.min, range.max);
    case 'number':
      return v.pipe(v.number(), v.minValue(range.min), v.maxValue(range.max));
    case 'word':
      return v.picklist(range.words);
    default:
      return range satisfies never;
  }
}

const options = Object.fromEntries(
  imageOptionNames.map((name) => [name, v.nullish(schemaOf(imageOptions[name]))]),
) as Record<ImageOption, v.NullishSchema<v.GenericSchema<string | number>, undefined>>;

/**
 * The parameters of POST /images/generations and /images/edits
 * (https://platform.openai.com/docs/api-reference/images) and those of Stability's models beyond them. An edit's images
 * are read where they are translated.
 */
export const imagesSchema = v.looseObject({
  model: modelName,
  prompt,
  n: count(1, 10),
  size,
  background: v.nullish(v.picklist(['auto', 'opaque', 'transparent'])),
  output_format: format,
  response_format: v.nullish(v.picklist(['b64_json', 'url'])),
  stream: flag,
  ...guardrailSchema,
  ...options,
});

export type ImagesParameters = v.InferOutput<typeof imagesSchema>;
