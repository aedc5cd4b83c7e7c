import { ByteBudget } from '../../bounds.ts';
import { detectFormat } from '../../canonical/detect-format.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { readString } from '../anthropic/reading.ts';
import type { ReadContext } from '../api.ts';
import type { PartContext } from '../content/context.ts';
import { readMedia } from '../content/media.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { Fields } from '../shared/json.ts';
import { bedrockParameters } from '../shared/schema.ts';
import type { Turn } from './conversation.ts';
import { mapSources, type Source } from './sources.ts';

/** Members of a client's body that are said in another way to Bedrock, or to the gateway alone. */
const elsewhere: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'service_tier',
  'anthropic_version',
  'anthropic_beta',
  'betas',
  'models',
  'fallbacks',
  ...Object.keys(bedrockParameters),
]);

/**
 * The client's own body for a model that speaks Messages: as it was written, with files in place of their URLs, which
 * Bedrock does not fetch. Throws a 413 when those become too much.
 */
export function nativeBody(given: Fields, { fetched, bodyBytes }: ReadContext): JsonObject {
  const body = Object.entries(given).filter(([name]) => !elsewhere.has(name));
  const bytes = new ByteBudget();
  bytes.spend(bodyBytes);
  const messages = mapSources(given.messages as unknown[], (source) => inlined(source, { fetched, bytes }));
  return { ...Object.fromEntries(body), messages } as JsonObject;
}

/** Whether only Converse can carry the conversation: for it, text can be marked for a guardrail, and files lie in S3. */
export function holdsConverseOnly(turns: readonly Turn[]): boolean {
  let inS3 = false;
  mapSources(turns, ({ source }) => {
    inS3 ||= source.type === 'url' && typeof source.url === 'string' && source.url.startsWith('s3://');
    return source;
  });
  return inS3 || turns.some(({ content }) => content.some(({ type }) => type === 'guarded_text'));
}

function inlined({ kind, source, path }: Source, context: PartContext): Fields {
  if (source.type !== 'url') return source;
  const url = readString(source.url, `${path}.url`);
  const { format, source: file } = readMedia(url, kind, `${path}.url`, context);
  const data = file.bytes ?? '';
  const mediaType = mediaTypes.get(format) ?? mediaTypes.get(detectFormat(kind, data) ?? '');
  if (!mediaType) {
    throw unsupported(
      `${path}.url: it is no ${kind === 'image' ? 'PNG, JPEG, GIF or WebP' : 'PDF or text'}.`,
      path,
    );
  }
  if (mediaType !== 'text/plain') return { type: 'base64', media_type: mediaType, data };
  return { type: 'text', media_type: mediaType, data: Buffer.from(data, 'base64').toString() };
}

/** What Claude takes as a source, by Converse's names of formats. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/plain'],
  ['csv', 'text/plain'],
  ['html', 'text/plain'],
]);
