import { docs } from '../../docs.ts';
import type { ImageField } from '../../fields.ts';
import { guardrailParameters } from '../shared/guardrail-asked.ts';
import { byModel, ignored, type Parameters, used, user } from '../shared/parameters.ts';
import { type FieldNames, spellingFor } from '../shared/spelling.ts';

/** OpenAI's parameters of both routes and what becomes of them: behind `x-gateway-ignored`, the strict mode and docs/images.md. */
export const openAiParameters: Parameters = {
  model: used(docs && 'A model of the table above, its profile, or an alias.'),
  prompt: used(docs && 'At most 10,000 characters. Some edits do without: see the table above.'),
  n: used(
    docs &&
      '1 to 10, each by a call of its own, four at a time. Where some fail the others are the answer, and `x-gateway-warnings` says so.',
  ),
  size: byModel(
    docs &&
      'The nearest of Bedrock’s ratios: 1:1, 16:9, 9:16, 3:2, 2:3, 5:4, 4:5, 21:9, 9:21. The answer’s `size` is what was drawn. Ignored for edits but Style Guide.',
  ),
  background: used(docs && '`transparent` only with Remove Background; else a 400.'),
  output_format: used(docs && '`png`, the default, `jpeg`, and for edits `webp`.'),
  response_format: used(docs && '`b64_json`, the default. `url` is a 400: the gateway stores nothing.'),
  stream: used(docs && '`true`: an event for each image, once it is there; there are no partial ones.'),
  image: used(docs && 'Edits: a PNG, JPEG or WebP; several as `image[]`.'),
  mask: used(
    docs &&
      'Edits with Inpaint and Erase Object: white is edited, black is kept; or OpenAI’s form, where what is transparent is edited.',
  ),
  images: used(docs && 'Edits in JSON: `[{"image_url": "data:…"}]`.'),
  partial_images: ignored(docs && 'There are none.', [0]),
  quality: ignored(docs && 'A model has one.', ['auto']),
  style: ignored(docs && 'Edits have `style_preset`.', []),
  moderation: ignored(docs && 'The model’s own filter cannot be set.', ['auto']),
  output_compression: ignored(docs && 'Bedrock has no counterpart.', [100]),
  input_fidelity: ignored(docs && 'Style Guide has `fidelity`.', []),
  user,
};

/** What Stability's models have beyond them, by the same names as in their own API. */
export const otherParameters: Parameters = {
  negative_prompt: used(docs && 'What is not to be seen.'),
  seed: byModel(docs && '0 to 4,294,967,294; the second of `n` images has the next one.'),
  aspect_ratio: byModel(docs && 'One of the ratios above; wins over `size`.'),
  style_preset: used(docs && '`photographic`, `anime`, `line-art` …'),
  strength: used(
    docs && 'Edits with Stable Diffusion 3.5: how far the image may change, 0 to 1. Without it 0.7.',
  ),
  grow_mask: used(docs && 'Pixels by which the mask grows, 0 to 20.'),
  search_prompt: used(docs && 'Search and Replace: what is replaced.'),
  select_prompt: used(docs && 'Search and Recolor: what is recoloured.'),
  creativity: used(docs && 'Outpaint 0.1 to 1, upscaling 0.1 to 0.5.'),
  left: used(docs && 'Outpaint: pixels to add, 0 to 2,000.'),
  right: used(docs && 'The same.'),
  up: used(docs && 'The same.'),
  down: used(docs && 'The same.'),
  control_strength: used(docs && 'Control Sketch and Structure: 0 to 1.'),
  fidelity: used(docs && 'Style Guide: 0 to 1.'),
  composition_fidelity: used(docs && 'Style Transfer: 0 to 1.'),
  style_strength: used(docs && 'Style Transfer: 0 to 1.'),
  change_strength: used(docs && 'Style Transfer: 0.1 to 1.'),
  ...guardrailParameters,
};

export const parameters: Parameters = { ...openAiParameters, ...otherParameters };

const fieldNames: FieldNames<ImageField> = {
  model: 'model',
  prompt: 'prompt',
  images: 'image',
  mask: 'mask',
  size: 'size',
  background: 'background',
  outputFormat: 'output_format',
  answers: 'n',
};

/** Each field has one name, whoever asks. */
export const spell = spellingFor({}, fieldNames);
