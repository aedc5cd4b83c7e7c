import { metadata } from '../aws/limits.ts';

/** For InvokeModel metadata travel in a header, which holds ASCII only: the wide spaces of other scripts become plain ones. */
const foreignSpaces = /[^\S \t\r\n]/g;

/** A name or value as it is sent: what Bedrock does not take becomes `_`. */
export function cleanMetadata(text: string): string {
  return text.replace(foreignSpaces, ' ').replace(metadata.foreign, '_');
}

/** What two names have in common that nobody who reads the bill could tell apart. */
export function metadataKey(name: string): string {
  return cleanMetadata(name).trim().replace(/\s+/g, ' ').toLowerCase();
}
