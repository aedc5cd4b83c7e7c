import { type ConverseRequest, placedBlocks, type Source } from '../converse/request.ts';
import { imageFormat, longerSide } from './images.ts';
import { anthropic, everyone, noBlock, noField, type Rule } from './rule.ts';

interface PlacedImage {
  path: string;
  format: string;
  source: Source;
  bytes: Buffer;
}

/** Images in messages and in tool results. */
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

const documentsIn = (request: ConverseRequest) =>
  placedBlocks(request).flatMap(({ block, ...place }) => {
    const inside = (block.toolResult?.content ?? []).flatMap(({ document }) => (document ? [document] : []));
    return [...(block.document ? [block.document] : []), ...inside].map((document) => ({
      ...place,
      document,
    }));
  });

const support: Rule[] = [
  {
    name: 'kinds of media',
    binds: everyone,
    breach(request, { family }) {
      const kinds = ['image', 'document', 'video', 'audio'] as const;
      const blocks = placedBlocks(request);
      const kind = kinds.find(
        (each) => !family.media[each] && blocks.some(({ block }) => block[each] !== undefined),
      );
      return kind && noBlock(kind);
    },
  },
  {
    name: 'media come from the user',
    binds: everyone,
    breach(request) {
      const kinds = ['image', 'document', 'video', 'audio'] as const;
      const said = placedBlocks(request).filter(({ role }) => role === 'assistant');
      const kind = kinds.find((each) => said.some(({ block }) => block[each] !== undefined));
      return (
        kind &&
        `This model doesn't support the ${kind} field for assistant messages. Remove ${kind} and try again.`
      );
    },
  },
  {
    name: 'no media from S3',
    binds: (family) => !family.s3Media,
    breach: (request) =>
      placedBlocks(request).some(
        ({ block }) => (block.image ?? block.document ?? block.video ?? block.audio)?.source.s3Location,
      )
        ? noField('s3Uri')
        : undefined,
  },
];

const mebibyte = 1024 * 1024;

const imageRules: Rule[] = [
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

// The underscore is taken, whatever the text says (twelve recordings); the full-width space is not.
const documentName = /^[\p{L}\p{N}_ \t\n\r()[\]-]*$/u;

const documentRules: Rule[] = [
  {
    name: 'names of documents',
    binds: everyone,
    breach(request) {
      const odd = documentsIn(request).find(
        ({ document }) => !documentName.test(document.name) || /\s\s/.test(document.name),
      );
      return (
        odd &&
        `The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.`
      );
    },
  },
  {
    name: 'names of documents are unique',
    binds: everyone,
    breach(request) {
      const names = documentsIn(request).map(({ document }) => document.name);
      return new Set(names).size < names.length
        ? `Messages can't contain duplicate document names. Rename the document and retry your request.`
        : undefined;
    },
  },
  {
    name: 'a document comes with text',
    binds: everyone,
    breach: ({ messages = [] }) =>
      messages.some(
        ({ content }) =>
          content.some(({ document }) => document) && !content.some(({ text }) => text !== undefined),
      )
        ? 'A text block must be included when using documents.'
        : undefined,
  },
  {
    name: 'a PDF is one',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const wrong = documentsIn(request).find(({ document: { format, source } }) => {
        const bytes = Buffer.from(source.bytes ?? '', 'base64');
        return format === 'pdf' && source.bytes && !bytes.subarray(0, 1024).includes('%PDF-');
      });
      return wrong && 'The PDF specified was not valid.';
    },
  },
  {
    // bifrost#5472.
    name: 'a text document is UTF-8',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const wrong = documentsIn(request).find(({ document: { format = 'txt', source } }) => {
        const bytes = Buffer.from(source.bytes ?? '', 'base64');
        return ['txt', 'md', 'csv', 'html'].includes(format) && bytes.includes(0);
      });
      return (
        wrong &&
        `messages.${wrong.turn}.content.${wrong.index}.source.bytes: The document source bytes could not be parsed as the specified format. If using a text-based format, try source.text instead of source.bytes.`
      );
    },
  },
];

export const mediaRules: Rule[] = [...support, ...imageRules, ...documentRules];
