import { detectFormat } from '../../canonical/detect-format.ts';
import { imageSize } from '../../canonical/image-size.ts';
import type { Images } from '../../engine/images.ts';
import type { ImageTask } from '../../models/images/families.ts';

/**
 * OpenAI's answer (https://platform.openai.com/docs/api-reference/images/object). `size` and `output_format` are those of
 * the images themselves. There is no `usage`: Bedrock counts images and no tokens. `created`: epoch seconds.
 */
export function translateImages({ images, transparent }: Images, created: number) {
  return {
    created,
    data: images.map((b64_json) => ({ b64_json })),
    ...shapeOf(images[0] ?? ''),
    ...(transparent && { background: 'transparent' }),
  };
}

/** The same as OpenAI's events, one for each image. */
export function imageEvents({ images, transparent }: Images, created: number, task: ImageTask): string {
  const type = task === 'edit' ? 'image_edit.completed' : 'image_generation.completed';
  return images
    .map((b64_json) => {
      const background = transparent ? { background: 'transparent' } : {};
      const event = { type, b64_json, created_at: created, ...shapeOf(b64_json), ...background };
      return `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}

/** Bytes of base64 that the header of an image stands in; a JPEG may have a preview before its size. */
const headBytes = 1 << 17;

function shapeOf(base64: string): { output_format?: string; size?: string } {
  const format = detectFormat('image', base64);
  const size = imageSize(Buffer.from(base64.slice(0, headBytes), 'base64'));
  return {
    ...(format !== undefined && { output_format: format }),
    ...(size && { size: `${size.width}x${size.height}` }),
  };
}
