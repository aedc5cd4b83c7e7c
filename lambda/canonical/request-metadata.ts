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

export type Metadata = Readonly<Record<string, string>>;

/** What is not named like anything in `own`. */
export function othersThan(own: Metadata, given: Metadata = {}): [string, string][] {
  const taken = new Set(Object.keys(own).map(metadataKey));
  return Object.entries(given).filter(([name]) => !taken.has(metadataKey(name)));
}

/**
 * A request's metadata with the gateway's marks after them, as far as Bedrock has room: they never displace what was
 * given, but nothing else goes by their names.
 */
export const withMarks = (given: Metadata | undefined, marks: Metadata | undefined): Metadata | undefined =>
  marks
    ? Object.fromEntries([...othersThan(marks, given), ...Object.entries(marks)].slice(0, metadata.entries))
    : given;
