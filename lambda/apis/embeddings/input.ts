import { ByteBudget, bounds } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import type { EmbedImage } from '../../models/embeddings/contract.ts';
import { badRequest } from '../shared/bad-request.ts';
import { kindOf } from '../shared/json.ts';
import { type ImageSources, type Item, readItem } from './item.ts';
import type { DecodeTokens } from './tokens.ts';

/** OpenAI's limit (https://platform.openai.com/docs/api-reference/embeddings/create). */
const maxTexts = 2048;

/** What vectors are made of, one for each text. */
export interface Input {
  /** '' for an image alone. */
  texts: string[];
  /** By the places of the texts; absent: there are none. */
  images?: ReadonlyMap<number, EmbedImage>;
}

/**
 * `input` with images: a list in which some are objects. Texts may stand beside them. Throws a 400 that names the item at
 * fault, or a 413 for too much.
 */
export function readItems(input: readonly unknown[], fetched: ImageSources['fetched']): Input {
  checkCount(input.length);
  const sources = { fetched, bytes: new ByteBudget() };
  const items = input.map((item, index): Item => {
    const path = `input[${index}]`;
    return isObject(item) ? readItem(item, path, sources) : { text: readText(item, path) };
  });
  const images = items.flatMap(({ image }, index) => (image ? [[index, image] as const] : []));
  return { texts: items.map(({ text }) => text), ...(images.length > 0 && { images: new Map(images) }) };
}

export const hasObjects = (input: unknown): input is unknown[] =>
  Array.isArray(input) && input.some((item) => isObject(item));

/**
 * The texts of `input`: a string, a list of them, or the same as cl100k tokens, which `decoder` is asked for
 * only then. Throws a 400 that names the item at fault.
 */
export async function readInput(input: unknown, decoder: () => Promise<DecodeTokens>): Promise<string[]> {
  if (input === undefined || input === null) {
    throw badRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  }
  if (typeof input === 'string') return [nonEmpty(input, 'input')];
  if (!Array.isArray(input)) throw wrong(input, 'input');
  if (input.length === 0) throw badRequest("Invalid value for 'input': the list is empty.", 'input');
  const [first] = input;
  if (typeof first === 'number') {
    checkTokens(input.length);
    return [(await decoder())(tokens(input, 'input'), 'input', new ByteBudget())];
  }
  checkCount(input.length);
  if (!Array.isArray(first)) return input.map((item, index) => readText(item, `input[${index}]`));
  const lists = input.map((item, index) => tokens(item, `input[${index}]`));
  checkTokens(lists.reduce((sum, { length }) => sum + length, 0));
  const decode = await decoder();
  const bytes = new ByteBudget();
  return lists.map((list, index) => decode(list, `input[${index}]`, bytes));
}

function checkCount(count: number): void {
  if (count <= maxTexts) return;
  throw badRequest(
    `Invalid value for 'input': ${count} texts; at most ${maxTexts} are allowed in one request.`,
    'input',
  );
}

function checkTokens(count: number): void {
  if (count <= bounds.embeddingTokens) return;
  throw badRequest(
    `Invalid value for 'input': ${count} tokens; at most ${bounds.embeddingTokens} are allowed in one request.`,
    'input',
  );
}

function readText(item: unknown, param: string): string {
  if (typeof item !== 'string') throw wrong(item, param);
  return nonEmpty(item, param);
}

function nonEmpty(text: string, param: string): string {
  if (text === '') throw badRequest(`Invalid value for '${param}': the text is empty.`, param);
  return text;
}

function tokens(item: unknown, param: string): number[] {
  const isTokens = Array.isArray(item) && item.every((each) => Number.isInteger(each) && each >= 0);
  if (!isTokens) throw wrong(item, param);
  if (item.length === 0)
    throw badRequest(`Invalid value for '${param}': the list of tokens is empty.`, param);
  return item as number[];
}

function wrong(value: unknown, param: string) {
  return badRequest(
    `Invalid value for '${param}': expected a string, a list of strings, of images, or lists of cl100k tokens, ` +
      `but got ${kindOf(value)}.`,
    param,
  );
}
