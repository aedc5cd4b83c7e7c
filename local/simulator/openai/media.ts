import type { ContentBlock } from '../converse/request.ts';
import { invalid } from '../errors.ts';
import { imageFormat } from '../rules/image-header.ts';

const dataUrl = /^data:([\w.+/-]+);base64,([A-Za-z0-9+/=\s]*)$/;

/** An image by its address: what it holds, or where it lies in S3. The network is not asked. Throws BedrockError. */
export function imageAt(url: string): ContentBlock {
  if (url.startsWith('s3://')) return { image: { format: 'png', source: { s3Location: { uri: url } } } };
  if (!url.startsWith('data:')) throw invalid('Invalid image URL. Only data: and s3:// URLs are supported.');
  const [, type = '', bytes = ''] = dataUrl.exec(url) ?? [];
  if (!type.startsWith('image/')) throw invalid('Invalid MIME type. Only image types are supported.');
  const format = imageFormat(Buffer.from(bytes, 'base64'));
  if (!format)
    throw invalid(
      `The image data you provided does not represent a valid image. Please check your input and try again with one of the following image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].`,
    );
  return { image: { format, source: { bytes } } };
}

/** A file whose content is there. Throws BedrockError. */
export function documentIn(data: string, name = 'file'): ContentBlock {
  const [, , bytes] = dataUrl.exec(data) ?? [];
  if (bytes === undefined)
    throw invalid('Invalid file data. Expected a base64-encoded data URL with a MIME type.');
  return { document: { name, source: { bytes } } };
}
