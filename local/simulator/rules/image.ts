import { type ConverseRequest, placedBlocks, type Source } from '../converse/request.ts';
import { imageFormat, longerSide } from './image-header.ts';
import { anthropic, everyone, type Rule } from './rule.ts';

interface PlacedImage {
  path: string;
  format: string;
  source: Source;
  bytes: Buffer;
}

function imagesIn(request: ConverseRequest): PlacedImage[] {
  return placedBlocks(request).flatMap(({ block, turn, index }) => {
    const at = `messages.${turn}.content.${index}`;
    const inside = (block.toolResult?.content ?? []).map(({ image }, i) => ({
      image,
      path: `${at}.content.${i}.image`,
    }));
    return [{ image: block.image, path: `${at}.image` }, ...inside].flatMap(({ image, path }) =>
      image ? [{ ...image, path, bytes: Buffer.from(image.source.bytes ?? '', 'base64') }] : [],
    );
  });
}

const mebibyte = 1024 * 1024;

/** Images, in messages and in tool results. */
export const imageRules: Rule[] = [
  {
    name: 'an image is what it says, on Claude',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      for (const { bytes, format, path, source } of imagesIn(request)) {
        if (source.s3Location) continue;
        const actual = imageFormat(bytes);
        if (!actual) return 'Could not process image';
        if (actual !== format) {
          return `${path}.source.base64: The image was specified using the image/${format} media type, but the image appears to be a image/${actual} image`;
        }
      }
      return undefined;
    },
  },
  {
    name: 'an image is what it says',
    binds: (family) => !anthropic(family),
    from: 'provider',
    breach(request) {
      const wrong = imagesIn(request).find(
        ({ bytes, format, source }) => !source.s3Location && imageFormat(bytes) !== format,
      );
      const actual = wrong && imageFormat(wrong.bytes);
      return (
        wrong &&
        `The detected file MIME type ${actual ? `image/${actual}` : 'text/plain'} does not match the expected type image/${wrong.format}. Reformat your input and try again.`
      );
    },
  },
  {
    // 5 MiB, measured on base64: 3,932,160 bytes (IDP#778).
    name: 'size of an image',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const large = imagesIn(request).find(({ source }) => (source.bytes?.length ?? 0) > 5 * mebibyte);
      return (
        large &&
        `${large.path}.source.bytes: image exceeds 5 MB maximum: ${large.source.bytes?.length} bytes > ${5 * mebibyte} bytes`
      );
    },
  },
  {
    name: 'number of images',
    binds: everyone,
    from: 'provider',
    breach(request, { family }) {
      const count = imagesIn(request).length;
      return count > family.maxImages
        ? `messages: too many images: ${count} > ${family.maxImages}`
        : undefined;
    },
  },
  {
    // Over twenty images, each may have 2000 pixels only (IDP#994).
    name: 'dimensions of an image',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const images = imagesIn(request);
      const [most, reason] = images.length > 20 ? [2000, ' for many-image requests'] : [8000, ''];
      const large = images.find(({ bytes }) => longerSide(bytes) > most);
      return (
        large &&
        `${large.path}.source.base64.data: At least one of the image dimensions exceed max allowed size${reason}: ${most} pixels`
      );
    },
  },
];
