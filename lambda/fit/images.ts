import type { JsonObject } from '../canonical/types.ts';
import { badRequest, type GatewayError, unsupported } from '../errors.ts';
import { field, type Note, note, written } from '../fields.ts';
import type { Picture } from '../models/images/contract.ts';
import {
  type ImageFamily,
  type ImageFormat,
  type ImageTask,
  imageFamilies,
} from '../models/images/families.ts';
import {
  type AspectRatio,
  aspectRatios,
  type ImageOption,
  type ImageOptions,
  type OptionRange,
} from '../models/images/options.ts';
import type { Target } from '../models/target.ts';

/** What a client asks of a model that draws; the same for every family. */
export interface ImageIntent {
  task: ImageTask;
  prompt?: string | undefined;
  images: readonly Picture[];
  mask?: Picture | undefined;
  size?: { width: number; height: number } | undefined;
  /** The background is to be left out. */
  transparent?: boolean | undefined;
  format?: ImageFormat | undefined;
  options: ImageOptions;
}

export interface FittedImage {
  body: JsonObject;
  warnings: Note[];
  /** Names of parameters without effect on this model. */
  ignored: Note[];
}

/**
 * How far an image may change that nothing says more of: Stability's models ask for it, and OpenAI's API has no word.
 * 0 gives the image as it was, 1 takes nothing of it.
 */
const defaultStrength = 0.7;

/** The body of one call. Pure. Throws a 400 for what would change the image and cannot be honoured. */
export function fitImage(intent: ImageIntent, family: ImageFamily): FittedImage {
  checkTask(intent, family);
  const warnings: Note[] = [];
  const ignored: Note[] = [];
  const edits = intent.task === 'edit' && family.tasks.includes('generate');
  const body: JsonObject = {
    ...promptOf(intent, family, ignored),
    ...optionsOf(intent, family, ignored),
    ...ratioOf(intent, family, edits, { warnings, ignored }),
    ...formatOf(intent, family),
    ...picturesOf(intent, family),
  };
  if (edits) Object.assign(body, { mode: 'image-to-image', strength: body.strength ?? defaultStrength });
  return { body, warnings, ignored };
}

function checkTask({ task, options }: ImageIntent, { title, tasks }: ImageFamily): void {
  if (!tasks.includes(task)) {
    throw unsupported(
      task === 'edit'
        ? `${title} draws of words alone. Use POST /v1/images/generations, or a model that edits.`
        : `${title} edits images. Use POST /v1/images/edits, or a model that draws of words alone.`,
      field('model'),
    );
  }
  if (task === 'generate' && options.strength !== undefined) {
    throw unsupported(
      note`'${written('strength')}' is for edits: there is no image to begin with.`,
      written('strength'),
    );
  }
}

function promptOf(
  { prompt }: ImageIntent,
  { title, prompt: need }: ImageFamily,
  ignored: Note[],
): JsonObject {
  if (need === 'none') {
    if (prompt) ignored.push(field('prompt'));
    return {};
  }
  if (prompt) return { prompt };
  if (need === 'optional') return {};
  throw badRequest(
    note`Missing required parameter: '${field('prompt')}'. ${title} needs one.`,
    field('prompt'),
    'missing_required_parameter',
  );
}

function optionsOf(
  { options }: ImageIntent,
  family: ImageFamily,
  ignored: Note[],
): Partial<Record<ImageOption, string | number>> {
  const body: ImageOptions = {};
  for (const [key, value] of Object.entries(options)) {
    const name = key as ImageOption;
    if (family.options.includes(name)) {
      checkRange(name, value, family);
      // It has a place of its own, since `size` says the same.
      if (name !== 'aspect_ratio') body[name] = value;
    } else if (name === 'seed') ignored.push(written(name));
    else throw notTaken(name, family);
  }
  for (const one of family.required ?? []) {
    if (one.some((name) => body[name] !== undefined)) continue;
    throw badRequest(
      note`Missing required parameter: '${one[0] ?? ''}'. ${family.title} needs ${one.join(' or ')}.`,
      written(one[0] ?? ''),
      'missing_required_parameter',
    );
  }
  return body;
}

function notTaken(name: ImageOption, { title, options }: ImageFamily): GatewayError {
  const takes = options.length === 0 ? 'It takes no such parameters.' : `It takes: ${options.join(', ')}.`;
  return unsupported(`${title} has no '${name}'. ${takes}`, written(name));
}

function checkRange(name: ImageOption, value: string | number, { title, ranges = {} }: ImageFamily): void {
  const range: OptionRange | undefined = ranges[name];
  if (range === undefined || !('min' in range)) return;
  if (Number(value) >= range.min && Number(value) <= range.max) return;
  throw badRequest(
    `Invalid value for '${name}': ${value}. ${title} takes ${range.min} to ${range.max}.`,
    written(name),
  );
}

/** Bedrock's models draw in a few ratios, each with a size of its own. */
function ratioOf(
  { size, options }: ImageIntent,
  family: ImageFamily,
  edits: boolean,
  notes: Pick<FittedImage, 'warnings' | 'ignored'>,
): JsonObject {
  const takes = family.options.includes('aspect_ratio') && !edits;
  if (!takes) {
    if (options.aspect_ratio !== undefined) notes.ignored.push(written('aspect_ratio'));
    if (size) notes.ignored.push(field('size'));
    return {};
  }
  if (options.aspect_ratio !== undefined) return { aspect_ratio: options.aspect_ratio };
  if (!size) return {};
  const nearest = nearestRatio(size);
  if (Math.abs(distance(size, nearest)) > 0.02) {
    notes.warnings.push(
      note`${field('size')} ${size.width}x${size.height} has become the nearest ratio that the model draws in, ${nearest}`,
    );
  }
  return { aspect_ratio: nearest };
}

/** How much wider a size is than a ratio, as a logarithm: twice as wide is as far as twice as high. */
function distance({ width, height }: { width: number; height: number }, ratio: AspectRatio): number {
  const [x = 1, y = 1] = ratio.split(':').map(Number);
  return Math.log(width / height) - Math.log(x / y);
}

export function nearestRatio(size: { width: number; height: number }): AspectRatio {
  return aspectRatios.reduce((best, ratio) =>
    Math.abs(distance(size, ratio)) < Math.abs(distance(size, best)) ? ratio : best,
  );
}

function formatOf({ format, transparent }: ImageIntent, family: ImageFamily): JsonObject {
  if (transparent && !family.transparent) {
    throw unsupported(
      note`${family.title} always draws a background. Use '${field('background')}' auto, or a model that removes it (stability.stable-image-remove-background-v1:0).`,
      field('background'),
    );
  }
  if (format === undefined) return {};
  if (!family.formats.includes(format)) {
    throw unsupported(
      note`${family.title} does not answer in '${field('outputFormat')}' ${format}. Allowed: ${family.formats.join(', ')}.`,
      field('outputFormat'),
    );
  }
  if (transparent && format === 'jpeg')
    throw badRequest('A JPEG has no transparent background. Use png or webp.', field('outputFormat'));
  return { output_format: format };
}

function picturesOf({ task, images, mask }: ImageIntent, family: ImageFamily): JsonObject {
  if (task === 'generate') return {};
  const { title, images: names } = family;
  if (images.length !== names.length) {
    const wanted = names.length === 1 ? 'one image' : `${names.length} images (${names.join(', then ')})`;
    throw badRequest(
      note`Invalid value for '${field('images')}': ${images.length} images. ${title} takes ${wanted}.`,
      field('images'),
    );
  }
  if (mask && !family.mask) {
    throw unsupported(
      note`${title} takes no '${field('mask')}'. Models that do: ${titles((each) => each.mask)}.`,
      field('mask'),
    );
  }
  return {
    ...Object.fromEntries(names.map((name, i) => [name, images[i]?.bytes ?? ''])),
    ...(mask && { mask: mask.bytes }),
  };
}

const titles = (fits: (family: ImageFamily) => boolean): string =>
  imageFamilies
    .filter(fits)
    .map(({ title }) => title)
    .join(', ');

/** The 400 for a model that draws nothing, or of which that cannot be known. */
export function notAnImageModel({ asked }: Pick<Target, 'asked'>, task: ImageTask): GatewayError {
  return badRequest(
    `The model \`${asked.slice(0, 200)}\` cannot ${task === 'edit' ? 'edit images' : 'draw images'}. Models that can: ` +
      `${titles(({ tasks }) => tasks.includes(task))}. GET /v1/models?output=IMAGE lists those of this account.`,
    field('model'),
    'unsupported_model',
  );
}
