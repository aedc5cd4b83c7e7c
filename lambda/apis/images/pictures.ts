import { ByteBudget } from '../../bounds.ts';
import { detectFormat } from '../../canonical/detect-format.ts';
import { isObject } from '../../canonical/json.ts';
import type { Picture } from '../../models/images/contract.ts';
import { type ImageFormat, imageFormats } from '../../models/images/families.ts';
import { parseDataUrl } from '../content/media.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { kindOf } from '../shared/json.ts';
import type { EditBody } from './form.ts';

/** No model takes more than two; OpenAI's take sixteen. */
const maxImages = 16;

/** An edit's images and its mask. Throws a 400 that names the one at fault, or a 413 for too much. */
export function readPictures({ fields, files }: EditBody): { images: Picture[]; mask: Picture | undefined } {
  const bytes = new ByteBudget();
  const sent = files.get('image') ?? listOf(fields.image ?? fields.images);
  if (sent.length === 0)
    throw badRequest("Missing required parameter: 'image'.", 'image', 'missing_required_parameter');
  if (sent.length > maxImages)
    throw badRequest(
      `Invalid value for 'image': ${sent.length} images; at most ${maxImages} are taken.`,
      'image',
    );
  const masks = files.get('mask') ?? listOf(fields.mask);
  if (masks.length > 1) throw badRequest("Invalid value for 'mask': there can be one.", 'mask');
  return {
    images: sent.map((each, i) => pictureOf(each, sent.length === 1 ? 'image' : `image[${i}]`, bytes)),
    mask: masks.length === 1 ? pictureOf(masks[0], 'mask', bytes) : undefined,
  };
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function pictureOf(sent: unknown, path: string, budget: ByteBudget): Picture {
  const bytes = base64Of(sent, path);
  budget.spend(bytes.length, path);
  const format = detectFormat('image', bytes);
  if (!isTaken(format)) {
    throw unsupported(
      `'${path}' is ${format === undefined ? 'no image of a known type' : `a ${format}`}: ${imageFormats.join(', ')} are taken.`,
      path,
    );
  }
  return { bytes, format };
}

const isTaken = (format: string | undefined): format is ImageFormat =>
  imageFormats.some((each) => each === format);

/** A file, a data URL, or an object with one as OpenAI's edits in JSON have it. */
function base64Of(sent: unknown, path: string): string {
  if (isObject(sent) && sent.bytes instanceof Uint8Array) return Buffer.from(sent.bytes).toString('base64');
  const url = isObject(sent) ? sent.image_url : sent;
  if (typeof url === 'string' && url.startsWith('data:')) return parseDataUrl(url, path).bytes;
  if (typeof url === 'string' || isObject(sent))
    throw unsupported(`'${path}' is no image: send it as a file of a form, or as a data: URL.`, path);
  throw badRequest(`Invalid value for '${path}': expected an image, but got ${kindOf(sent)}.`, path);
}
