/** What a member of a body takes. */
export type OptionRange =
  | { type: 'text'; maxLength: number }
  | { type: 'integer' | 'number'; min: number; max: number }
  | { type: 'word'; words: readonly string[] };

const text: OptionRange = { type: 'text', maxLength: 10_000 };
const fraction: OptionRange = { type: 'number', min: 0, max: 1 };
const pixels: OptionRange = { type: 'integer', min: 0, max: 2000 };

export const aspectRatios = ['1:1', '16:9', '9:16', '3:2', '2:3', '5:4', '4:5', '21:9', '9:21'] as const;
export type AspectRatio = (typeof aspectRatios)[number];

const stylePresets = [
  '3d-model',
  'analog-film',
  'anime',
  'cinematic',
  'comic-book',
  'digital-art',
  'enhance',
  'fantasy-art',
  'isometric',
  'line-art',
  'low-poly',
  'modeling-compound',
  'neon-punk',
  'origami',
  'photographic',
  'pixel-art',
  'tile-texture',
] as const;

/**
 * What Stability's models take beside prompt and images, by its name in their bodies: the range is the widest of any
 * model (https://docs.aws.amazon.com/bedrock/latest/userguide/stable-image-services.html).
 */
export const imageOptions = {
  negative_prompt: text,
  seed: { type: 'integer', min: 0, max: 4_294_967_294 },
  aspect_ratio: { type: 'word', words: aspectRatios },
  style_preset: { type: 'word', words: stylePresets },
  strength: fraction,
  grow_mask: { type: 'integer', min: 0, max: 20 },
  search_prompt: text,
  select_prompt: text,
  creativity: { type: 'number', min: 0.1, max: 1 },
  left: pixels,
  right: pixels,
  up: pixels,
  down: pixels,
  control_strength: fraction,
  fidelity: fraction,
  composition_fidelity: fraction,
  style_strength: fraction,
  change_strength: { type: 'number', min: 0.1, max: 1 },
} as const satisfies Record<string, OptionRange>;

export type ImageOption = keyof typeof imageOptions;
export const imageOptionNames = Object.keys(imageOptions) as readonly ImageOption[];
/** As a client gave them, in range. */
export type ImageOptions = Partial<Record<ImageOption, string | number>>;
