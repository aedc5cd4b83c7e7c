import { invalid } from '../errors.ts';
import type { Call, Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { imageFormat } from '../rules/image-header.ts';
import { checkWholeText } from '../rules/whole-text.ts';
import { stage } from '../scenarios/stage.ts';
import { checkBody } from './body-schema.ts';
import { imageServices } from './image-services.ts';
import { fromPrompt } from './native-format.ts';
import { pngOf } from './png.ts';

interface ImageBody {
  prompt?: string;
  negative_prompt?: string;
  aspect_ratio?: string;
  mode?: string;
  seed?: number;
  strength?: number;
  output_format?: string;
  [member: string]: unknown;
}

export const draws = (id: string): boolean => imageServices.some(({ match }) => match.test(id));

/**
 * InvokeModel of a model that draws: a grey image with the prompt written in it, and for a `grim` one what guardrails
 * find violent. Its own filter withholds by a word: `obscene` in a prompt or in the bytes of an image, and `lewd` in what
 * comes out.
 */
export function draw(call: Call): Reply {
  const service = imageServices.find(({ match }) => match.test(call.model.id));
  if (!service) throw invalid('The model is unsupported by the simulator.');
  checkWholeText(call.body);
  checkBody(call.body, service.schema);
  const body = call.body as ImageBody;
  const images = service.images.flatMap((name) => {
    const given = body[name];
    return typeof given === 'string' ? [Buffer.from(given, 'base64')] : [];
  });
  checkImages(images, body);
  const { prompt = '' } = body;
  return stage(call, fromPrompt(prompt), () => {
    const seed = body.seed || call.world.countTry('seed');
    const reason = filterReason(body, images, seed);
    if (reason) return jsonReply({ seeds: [], finish_reasons: [reason], images: [] });
    const [width, height] = sizeOf(body.aspect_ratio);
    const image = encoded(pngOf(width, height, seed % 256, writtenIn(prompt)), body.output_format);
    return jsonReply({ seeds: [seed], finish_reasons: [null], images: [image.toString('base64')] });
  });
}

function checkImages(images: readonly Buffer[], { mode, image, strength }: ImageBody): void {
  if (images.some((bytes) => !['png', 'jpeg', 'webp'].includes(imageFormat(bytes) ?? '')))
    throw invalid('Unable to process provided image. Please provide a valid image and try again.');
  if (mode === 'image-to-image' && (image === undefined || strength === undefined))
    throw invalid('Required field missing: image and strength must be set in image-to-image mode.');
  if (mode !== 'image-to-image' && strength !== undefined)
    throw invalid('strength is only valid in image-to-image mode.');
}

const writtenIn = (prompt: string): string =>
  `${prompt.slice(0, 200)}${/grim/i.test(prompt) ? ' violent' : ''}`;

/** `lewd` is drawn now and then: by every third seed. */
function filterReason(
  { prompt = '' }: ImageBody,
  images: readonly Buffer[],
  seed: number,
): string | undefined {
  if (/obscene/i.test(prompt)) return 'Filter reason: prompt';
  if (images.some((bytes) => bytes.includes('obscene'))) return 'Filter reason: input image';
  if (/lewd/i.test(prompt) && seed % 3 === 0) return 'Filter reason: output image';
  return /blurred mind/i.test(prompt) ? 'Inference error' : undefined;
}

/** About a megapixel, in multiples of 64, as Stable Diffusion 3.5 draws. */
function sizeOf(ratio = '1:1'): [number, number] {
  const [x = 1, y = 1] = ratio.split(':').map(Number);
  const side = (share: number) => Math.round((1024 * Math.sqrt(share)) / 64) * 64;
  return [side(x / y), side(y / x)];
}

/** The first bytes of another format, and its size where the header has one; nobody looks at the rest. */
function encoded(png: Buffer, format = 'png'): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (format === 'jpeg') {
    const head = Buffer.alloc(21);
    Buffer.from('ffd8ffc0001108', 'hex').copy(head);
    head.writeUInt16BE(height, 7);
    head.writeUInt16BE(width, 9);
    return head;
  }
  if (format !== 'webp') return png;
  const head = Buffer.alloc(30);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(22, 4);
  head.write('WEBPVP8X', 8, 'latin1');
  head.writeUInt32LE(10, 16);
  head.writeUIntLE(width - 1, 24, 3);
  head.writeUIntLE(height - 1, 27, 3);
  return head;
}
