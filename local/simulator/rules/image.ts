import { type ConverseRequest, placedBlocks, type Source } from '../converse/request.ts';
import { imageFormat, longerSide } from './image-header.ts';
import { anthropic, everyone, type Rule, type RuleContext } from './rule.ts';

interface PlacedImage {
  path: string;
  format: string;
  source: Source;
  bytes: Buffer;
}

/** Anthropic's own paths name the tool result on the way. */
function imagesIn(request: ConverseRequest, { invoke }: RuleContext): PlacedImage[] {
  const inResult = invoke ? '.tool_result' : '';
  return placedBlocks(request).flatMap(({ block, turn, index }) => {
    const at = `messages.${turn}.content.${index}`;
    const inside = (block.toolResult?.content ?? []).map(({ image }, i) => ({
      image,
      path: `${at}${inResult}.content.${i}.image`,
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
    breach(request, context) {
      for (const { bytes, format, path, source } of imagesIn(request, context)) {
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
    breach(request, context) {
      const wrong = imagesIn(request, context).find(
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
    breach(request, context) {
      const large = imagesIn(request, context).find(
        ({ source }) => (source.bytes?.length ?? 0) > 5 * mebibyte,
      );
      return (
        large &&
        `${large.path}.source.${context.invoke ? 'base64' : 'bytes'}: image exceeds 5 MB maximum: ${large.source.bytes?.length} bytes > ${5 * mebibyte} bytes`
      );
    },
  },
  {
    name: 'number of images',
    binds: everyone,
    from: 'provider',
    breach(request, context) {
      const count = imagesIn(request, context).length;
      const { maxImages } = context.family;
      if (count > maxImages) return `messages: too many images: ${count} > ${maxImages}`;
      // boto/boto3#4632.
      const documents = placedBlocks(request).filter(({ block }) => block.document).length;
      return count > 0 && count + documents > maxImages
        ? `too many images and documents: ${count} + ${documents} > ${maxImages}`
        : undefined;
    },
  },
  {
    // Over twenty images, each may have 2000 pixels only (IDP#994).
    name: 'dimensions of an image',
    binds: anthropic,
    from: 'provider',
    breach(request, context) {
      const images = imagesIn(request, context);
      const [most, reason] = images.length > 20 ? [2000, ' for many-image requests'] : [8000, ''];
      const large = images.find(({ bytes }) => longerSide(bytes) > most);
      return (
        large &&
        `${large.path}.source.base64.data: At least one of the image dimensions exceed max allowed size${reason}: ${most} pixels`
      );
    },
  },
];
