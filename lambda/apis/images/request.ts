import type { ImagesRequest } from '../../engine/images.ts';
import type { ImageTask } from '../../models/images/families.ts';
import { imageOptionNames } from '../../models/images/options.ts';
import { unsupported } from '../shared/bad-request.ts';
import { guardrailIn } from '../shared/guardrail-asked.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { validate } from '../shared/validate.ts';
import type { EditBody } from './form.ts';
import { parameters as known } from './parameters.ts';
import { readPictures } from './pictures.ts';
import { type ImagesParameters, imagesSchema } from './schema.ts';

/** A request whose parameters are known; its images have not been looked at. */
export interface AskedImages {
  parameters: ImagesParameters;
  /** Parameters without any effect. */
  ignored: string[];
}

/** Throws a 400 that names the parameter at fault. */
export function readParameters(body: Fields, strict: boolean): AskedImages {
  const parameters = validate(imagesSchema, body);
  if (parameters.response_format === 'url') {
    throw unsupported(
      "'response_format' url is not offered: the gateway stores no images. Use b64_json.",
      'response_format',
    );
  }
  return { parameters, ignored: ignoredParameters(body, known, strict) };
}

/** What only an edit takes: without it something else would be drawn than was asked for. */
const ofEdits = ['image', 'images', 'mask'] as const;

/** `edit`: what an edit was sent with; absent: there are words alone. Throws a 400 that names the image at fault. */
export function translateRequest(
  { parameters }: AskedImages,
  task: ImageTask,
  edit: EditBody | undefined,
): ImagesRequest {
  const { prompt, n, size, background, output_format } = parameters;
  const shown = edit ? undefined : ofEdits.find((name) => parameters[name] != null);
  if (shown !== undefined)
    throw unsupported(
      `'${shown}' is for edits: this route draws of words alone. Use POST /v1/images/edits.`,
      shown,
    );
  const options = imageOptionNames.flatMap((name) => {
    const value = parameters[name];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return {
    task,
    prompt: prompt ?? undefined,
    n: n ?? 1,
    size: size ?? undefined,
    transparent: background === 'transparent',
    format: output_format ?? undefined,
    options: Object.fromEntries(options),
    guardrail: guardrailIn(parameters),
    ...(edit ? readPictures(edit) : { images: [] }),
  };
}
