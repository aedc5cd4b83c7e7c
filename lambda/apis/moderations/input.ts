import type { GuardrailContent } from '../../backends/guardrail/apply-guardrail.ts';
import { ByteBudget } from '../../bounds.ts';
import { detectFormat } from '../../canonical/detect-format.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import { isObject } from '../../canonical/json.ts';
import { isFetchable, readMedia } from '../content/media.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { type Fields, kindOf, notAllowed, readObject, readString } from '../shared/json.ts';

/** As of embeddings: OpenAI names no limit here. */
const maxInputs = 2048;
/** What a guardrail takes in one call (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html). */
const maxImages = 20;

export interface ModerationInputs {
  /** One for each result; one without content has nothing to be judged. */
  inputs: GuardrailContent[][];
  /** For each of them which kinds it holds. */
  kinds: ('text' | 'image')[][];
}

/** Where the first image of an input stands; undefined where there is none. */
export function imageIn(input: unknown): string | undefined {
  const index = Array.isArray(input)
    ? input.findIndex((part) => isObject(part) && part.type === 'image_url')
    : -1;
  return index < 0 ? undefined : `input[${index}]`;
}

/** The https URLs that the parts of an input point to. */
export const urlsIn = (input: unknown): string[] =>
  Array.isArray(input) ? input.map(urlOf).filter(isFetchable) : [];

const urlOf = (part: unknown): unknown =>
  isObject(part) && isObject(part.image_url) ? part.image_url.url : undefined;

/** Throws a 400 that names the input or the part at fault. */
export function readInputs(input: unknown, fetched: ReadonlyMap<string, FetchedMedia>): ModerationInputs {
  if (input === undefined || input === null)
    throw badRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  if (typeof input === 'string') return ofTexts([input]);
  if (!Array.isArray(input)) throw wrong(input, 'input');
  if (input.length === 0) throw badRequest("Invalid value for 'input': the list is empty.", 'input');
  if (input.length > maxInputs) {
    throw badRequest(
      `Invalid value for 'input': ${input.length} elements; at most ${maxInputs} are allowed in one request.`,
      'input',
    );
  }
  if (isObject(input[0])) return ofParts(input, fetched);
  return ofTexts(
    input.map((each, index) => {
      if (typeof each === 'string') return each;
      throw wrong(each, `input[${index}]`);
    }),
  );
}

function ofTexts(texts: readonly string[]): ModerationInputs {
  return {
    inputs: texts.map((text) => (text === '' ? [] : [{ text: { text } }])),
    kinds: texts.map(() => ['text']),
  };
}

/** All parts are one input. */
function ofParts(parts: readonly unknown[], fetched: ReadonlyMap<string, FetchedMedia>): ModerationInputs {
  const bytes = new ByteBudget();
  const content: GuardrailContent[] = [];
  let images = 0;
  parts.forEach((given, index) => {
    const path = `input[${index}]`;
    const part = readObject(given, path);
    if (part.type === 'text') {
      const text = readString(part.text, `${path}.text`);
      if (text !== '') content.push({ text: { text } });
      return;
    }
    if (part.type !== 'image_url') throw notAllowed(part.type, `${path}.type`, ['text', 'image_url']);
    images += 1;
    if (images > maxImages)
      throw badRequest(`Invalid value for 'input': at most ${maxImages} images are taken.`, path);
    content.push(imageOf(part, path, fetched, bytes));
  });
  const kinds = (['text', 'image'] as const).filter((kind) => content.some((each) => kind in each));
  return { inputs: [content], kinds: [kinds.length > 0 ? kinds : ['text']] };
}

function imageOf(
  part: Fields,
  path: string,
  fetched: ReadonlyMap<string, FetchedMedia>,
  bytes: ByteBudget,
): GuardrailContent {
  const at = `${path}.image_url.url`;
  const url = readString(readObject(part.image_url, `${path}.image_url`).url, at);
  const { format, source } = readMedia(url, 'image', at, { fetched, bytes });
  const { bytes: bytesOf } = source;
  if (bytesOf === undefined) throw unsupported(`'${at}' is in S3, which guardrails do not read.`, at);
  // What a guardrail is told of an image has to be what it is.
  const shown = detectFormat('image', bytesOf) ?? format;
  if (shown !== 'png' && shown !== 'jpeg')
    throw unsupported(
      `'${at}' is ${shown === '' ? 'no image of a known type' : `a ${shown}`}: guardrails look at PNG and JPEG.`,
      at,
    );
  return { image: { format: shown, source: { bytes: bytesOf } } };
}

const wrong = (value: unknown, path: string) =>
  badRequest(
    `Invalid value for '${path}': expected a string, a list of strings or a list of parts, but got ${kindOf(value)}.`,
    path,
  );
