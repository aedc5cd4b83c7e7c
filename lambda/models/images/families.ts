import { baseModelId } from '../names/model-id.ts';
import type { Target } from '../target.ts';
import type { ImageOption, OptionRange } from './options.ts';

export const imageFormats = ['png', 'jpeg', 'webp'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** `generate`: of words alone; `edit`: of one image or two. */
export type ImageTask = 'generate' | 'edit';

/** Models that draw and behave alike. */
export interface ImageFamily {
  title: string;
  /** Of the base model id, in lower case. */
  match: RegExp;
  source: string;
  /** Where it can be called, by itself or through its profile. */
  regions: readonly string[];
  tasks: readonly ImageTask[];
  prompt: 'required' | 'optional' | 'none';
  /** What an edit's images are called in the body; as many have to be there. */
  images: readonly string[];
  /** Takes a mask: white is edited, black is kept. */
  mask: boolean;
  /** Formats that it can answer in. */
  formats: readonly ImageFormat[];
  options: readonly ImageOption[];
  /** Options without which nothing can be drawn; of each list one. */
  required?: readonly (readonly ImageOption[])[];
  /** Ranges that are narrower than those of other models. */
  ranges?: Partial<Readonly<Record<ImageOption, OptionRange>>>;
  /** Can leave out the background. */
  transparent?: true;
}

const guide = (page: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/${page}.html`;
const services = guide('stable-image-services');

/** By itself in one region. */
const generation = {
  regions: ['us-west-2'],
  tasks: ['generate'],
  prompt: 'required',
  images: [],
  mask: false,
  formats: ['png', 'jpeg'],
  options: ['negative_prompt', 'seed', 'aspect_ratio'],
} as const satisfies Partial<ImageFamily>;

/** Through a `us.` profile, from the regions that have it. */
const edit = {
  source: services,
  regions: ['us-west-2', 'us-east-1', 'us-east-2'],
  tasks: ['edit'],
  prompt: 'required',
  images: ['image'],
  mask: false,
  formats: ['png', 'jpeg', 'webp'],
} as const satisfies Partial<ImageFamily>;

const styled = ['negative_prompt', 'seed', 'style_preset'] as const;
const stable = (id: string) => new RegExp(`^stability\\.stable-${id}-v\\d`);
const upscaling: OptionRange = { type: 'number', min: 0.1, max: 0.5 };

export const imageFamilies: readonly ImageFamily[] = [
  {
    ...generation,
    title: 'Stable Diffusion 3.5 Large',
    match: /^stability\.sd3-5-/,
    source: guide('model-parameters-diffusion-3-5-large'),
    tasks: ['generate', 'edit'],
    images: ['image'],
    options: [...generation.options, 'strength'],
  },
  {
    ...generation,
    title: 'Stable Image Core',
    match: /^stability\.stable-image-core-v1:1/,
    source: guide('model-parameters-diffusion-stable-image-core-text-image-request-response'),
  },
  {
    ...generation,
    title: 'Stable Image Ultra',
    match: /^stability\.stable-image-ultra-v1:1/,
    source: guide('model-parameters-diffusion-stable-ultra-text-image-request-response'),
  },
  {
    ...edit,
    title: 'Stable Image Inpaint',
    match: stable('image-inpaint'),
    mask: true,
    options: [...styled, 'grow_mask'],
  },
  {
    ...edit,
    title: 'Stable Outpaint',
    match: stable('outpaint'),
    prompt: 'optional',
    options: ['seed', 'style_preset', 'creativity', 'left', 'right', 'up', 'down'],
    required: [['left', 'right', 'up', 'down']],
  },
  {
    ...edit,
    title: 'Stable Image Erase Object',
    match: stable('image-erase-object'),
    prompt: 'none',
    mask: true,
    options: ['seed', 'grow_mask'],
  },
  {
    ...edit,
    title: 'Stable Image Search and Replace',
    match: stable('image-search-replace'),
    options: [...styled, 'grow_mask', 'search_prompt'],
    required: [['search_prompt']],
  },
  {
    ...edit,
    title: 'Stable Image Search and Recolor',
    match: stable('image-search-recolor'),
    options: [...styled, 'grow_mask', 'select_prompt'],
    required: [['select_prompt']],
  },
  {
    ...edit,
    title: 'Stable Image Remove Background',
    match: stable('image-remove-background'),
    prompt: 'none',
    options: [],
    transparent: true,
  },
  {
    ...edit,
    title: 'Stable Image Control Sketch',
    match: stable('image-control-sketch'),
    options: [...styled, 'control_strength'],
  },
  {
    ...edit,
    title: 'Stable Image Control Structure',
    match: stable('image-control-structure'),
    options: [...styled, 'control_strength'],
  },
  {
    ...edit,
    title: 'Stable Image Style Guide',
    match: stable('image-style-guide'),
    options: [...styled, 'aspect_ratio', 'fidelity'],
  },
  {
    ...edit,
    title: 'Stable Style Transfer',
    match: stable('style-transfer'),
    prompt: 'optional',
    images: ['init_image', 'style_image'],
    options: ['negative_prompt', 'seed', 'composition_fidelity', 'style_strength', 'change_strength'],
  },
  {
    ...edit,
    title: 'Stable Creative Upscale',
    match: stable('creative-upscale'),
    options: [...styled, 'creativity'],
    ranges: { creativity: upscaling },
  },
  {
    ...edit,
    title: 'Stable Conservative Upscale',
    match: stable('conservative-upscale'),
    options: ['negative_prompt', 'seed', 'creativity'],
    ranges: { creativity: upscaling },
  },
  {
    ...edit,
    title: 'Stable Fast Upscale',
    match: stable('fast-upscale'),
    prompt: 'none',
    options: [],
  },
];

/** The family of a model id, profile id or ARN that shows its model; undefined where it draws nothing. */
export function imageFamilyOf(modelId: string): ImageFamily | undefined {
  const base = baseModelId(modelId);
  return imageFamilies.find(({ match }) => match.test(base));
}

/** The same for a target: the model behind a profile decides. */
export const imageFamilyOfTarget = (target: Pick<Target, 'id' | 'underlying'>) =>
  imageFamilyOf(target.underlying ?? target.id);

/** Models that drew and have ended (https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html). */
const ended: readonly (readonly [match: RegExp, day: string])[] = [
  [/^amazon\.nova-canvas-/, '2026-09-30'],
  [/^amazon\.titan-image-generator-v2/, '2026-06-30'],
];

/** The day on which a model that drew ended, `2026-09-30`. */
export function imageModelEnded(target: Pick<Target, 'id' | 'underlying'>): string | undefined {
  const base = baseModelId(target.underlying ?? target.id);
  return ended.find(([match]) => match.test(base))?.[1];
}
