import { badRequest, type GatewayError, unsupported } from '../errors.ts';
import { type EmbeddingField, field, type Note, note } from '../fields.ts';
import type { EmbedImage, EmbedOptions } from '../models/embeddings/contract.ts';
import {
  type EmbeddingFamily,
  embeddingFamilies,
  type InputType,
  type Truncation,
} from '../models/embeddings/families.ts';
import type { Target } from '../models/target.ts';

/** What a client asks of an embedding beside its texts; the same for every family. */
export interface EmbeddingIntent {
  dimensions?: number;
  inputType?: InputType;
  truncate?: Truncation;
  normalize?: boolean;
}

export interface FittedEmbedding {
  options: EmbedOptions;
  /** The model does not do it, so the gateway makes the vectors' length 1. */
  normalizeAfter: boolean;
  /** Names of parameters without effect on this model. */
  ignored: Note[];
}

/** Pure. Throws a 400 for what would change the vectors and cannot be honoured. */
export function fitEmbedding(intent: EmbeddingIntent, family: EmbeddingFamily): FittedEmbedding {
  const ignored: Note[] = [];
  const inputType = chosen(intent.inputType, family.inputTypes, 'inputType', family, ignored);
  const truncate = chosen(intent.truncate, family.truncations, 'truncate', family, ignored);
  const dimensions = fitDimensions(intent.dimensions, family);
  return {
    options: {
      ...(dimensions !== undefined && { dimensions }),
      ...(inputType !== undefined && { inputType }),
      ...(truncate !== undefined && { truncate }),
      ...(family.normalizes && intent.normalize !== undefined && { normalize: intent.normalize }),
    },
    normalizeAfter: intent.normalize === true && !family.normalizes,
    ignored,
  };
}

/** Something that one vector is made of, and what the client calls it. */
export interface EmbedPart {
  text: string;
  image?: EmbedImage | undefined;
  name: Note;
}

/** Throws a 400 for an image that the family cannot embed as it was sent. */
export function checkImages(parts: readonly EmbedPart[], { title, images }: EmbeddingFamily): void {
  for (const { text, image, name } of parts) {
    if (!image) continue;
    if (!images) {
      const others = embeddingFamilies.filter((family) => family.images).map((family) => family.title);
      throw unsupported(
        note`${title} embeds texts alone, and ${name} is an image. Use ${others.join(', ')}.`,
        name,
      );
    }
    if (!images.formats.includes(image.format)) {
      throw unsupported(
        note`${name} is a ${image.format}: ${title} takes ${images.formats.join(', ')}.`,
        name,
      );
    }
    if (text !== '' && !images.withText) {
      throw unsupported(
        note`${title} makes no vector of an image and a text together. Send ${name} as two.`,
        name,
      );
    }
  }
}

/** A family that has no such choice ignores it; one that has it and not this value refuses. */
function chosen<T extends string>(
  value: T | undefined,
  words: Partial<Readonly<Record<T, string>>> | undefined,
  name: EmbeddingField,
  { title }: EmbeddingFamily,
  ignored: Note[],
): string | undefined {
  if (value === undefined) return undefined;
  if (words === undefined) {
    ignored.push(field(name));
    return undefined;
  }
  const word = words[value];
  if (word !== undefined) return word;
  const allowed = Object.keys(words).join(', ');
  throw unsupported(
    note`${title} does not support '${field(name)}' ${value}. Allowed: ${allowed}.`,
    field(name),
  );
}

function fitDimensions(
  asked: number | undefined,
  { dimensions, title }: EmbeddingFamily,
): number | undefined {
  if (asked === undefined) return undefined;
  if (!dimensions.includes(asked)) {
    const allowed = dimensions.length === 1 ? `only ${dimensions[0]}` : dimensions.join(', ');
    throw badRequest(
      note`Invalid value for '${field('dimensions')}': ${asked}. ${title} gives vectors of these sizes: ${allowed}.`,
      field('dimensions'),
    );
  }
  return dimensions.length === 1 ? undefined : asked;
}

/** The 400 for a model that makes no embeddings, or of which that cannot be known. */
export function notAnEmbeddingModel(target: Target): GatewayError {
  const names = embeddingFamilies.map(({ title }) => title).join(', ');
  return badRequest(
    `The model \`${target.asked.slice(0, 200)}\` cannot make embeddings: ${whyNot(target)}. Models that can: ${names}. ` +
      'GET /v1/models?output=EMBEDDING lists those of this account.',
    field('model'),
    'unsupported_model',
  );
}

function whyNot({ id, underlying, capabilities }: Target): string {
  if (capabilities.family !== 'unknown') return 'it is a chat model';
  return underlying === undefined && id.startsWith('arn:')
    ? 'the model behind it is unknown, map it in BEDROCK_INFERENCE_PROFILE_MAPPINGS'
    : 'it is not an embedding model that the gateway knows';
}
