import type { BodySchema } from './body-schema.ts';

/** What a model that draws takes (https://docs.aws.amazon.com/bedrock/latest/userguide/stable-image-services.html). */
export interface ImageService {
  match: RegExp;
  schema: BodySchema;
  /** Members that hold images. */
  images: readonly string[];
}

const words = (...values: string[]): BodySchema => ({ type: 'String', enum: values });
const number = (minimum: number, maximum: number): BodySchema => ({ type: 'Number', minimum, maximum });
const whole = (minimum: number, maximum: number): BodySchema => ({ type: 'Integer', minimum, maximum });
const prompt: BodySchema = { type: 'String', minLength: 0, maxLength: 10_000 };
const image: BodySchema = { type: 'String', minLength: 1 };

const seed = whole(0, 4_294_967_294);
const ratio = words('16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21');
const drawn = { output_format: words('jpeg', 'png') };
const edited = { output_format: words('jpeg', 'png', 'webp') };
const style = words(
  ...'3d-model analog-film anime cinematic comic-book digital-art enhance fantasy-art isometric line-art'.split(
    ' ',
  ),
  ...'low-poly modeling-compound neon-punk origami photographic pixel-art tile-texture'.split(' '),
);
const guided = { prompt, negative_prompt: prompt, seed, style_preset: style };
const side = whole(0, 2000);

const service = (
  match: RegExp,
  members: NonNullable<BodySchema['members']>,
  required: readonly string[],
  images: readonly string[] = ['image'],
): ImageService => ({ match, schema: { type: 'JSONObject', members, required }, images });

const plain = { prompt, negative_prompt: prompt, aspect_ratio: ratio, seed, ...drawn };

export const imageServices: readonly ImageService[] = [
  service(
    /sd3-5-large/,
    { ...plain, mode: words('text-to-image', 'image-to-image'), image, strength: number(0, 1) },
    ['prompt'],
  ),
  service(/stable-image-(?:core|ultra)/, plain, ['prompt'], []),
  service(
    /stable-image-inpaint/,
    { ...guided, ...edited, image, mask: image, grow_mask: whole(0, 20) },
    ['prompt', 'image'],
    ['image', 'mask'],
  ),
  service(
    /stable-image-erase-object/,
    { image, mask: image, seed, grow_mask: whole(0, 20), ...edited },
    ['image'],
    ['image', 'mask'],
  ),
  service(
    /stable-outpaint/,
    {
      prompt,
      seed,
      style_preset: style,
      image,
      creativity: number(0.1, 1),
      left: side,
      right: side,
      up: side,
      down: side,
      ...edited,
    },
    ['image'],
  ),
  service(/search-replace/, { ...guided, ...edited, image, search_prompt: prompt, grow_mask: whole(0, 20) }, [
    'prompt',
    'image',
    'search_prompt',
  ]),
  service(/search-recolor/, { ...guided, ...edited, image, select_prompt: prompt, grow_mask: whole(0, 20) }, [
    'prompt',
    'image',
    'select_prompt',
  ]),
  service(/remove-background/, { image, ...edited }, ['image']),
  service(/control-(?:sketch|structure)/, { ...guided, ...edited, image, control_strength: number(0, 1) }, [
    'prompt',
    'image',
  ]),
  service(/style-guide/, { ...guided, ...edited, image, aspect_ratio: ratio, fidelity: number(0, 1) }, [
    'prompt',
    'image',
  ]),
  service(
    /style-transfer/,
    {
      init_image: image,
      style_image: image,
      prompt,
      negative_prompt: prompt,
      seed,
      composition_fidelity: number(0, 1),
      style_strength: number(0, 1),
      change_strength: number(0.1, 1),
      ...edited,
    },
    ['init_image', 'style_image'],
    ['init_image', 'style_image'],
  ),
  service(/creative-upscale/, { ...guided, ...edited, image, creativity: number(0.1, 0.5) }, [
    'prompt',
    'image',
  ]),
  service(
    /conservative-upscale/,
    { prompt, negative_prompt: prompt, seed, ...edited, image, creativity: number(0.1, 0.5) },
    ['prompt', 'image'],
  ),
  service(/fast-upscale/, { image, ...edited }, ['image']),
];
