/**
 * Whether a piece of text stands in a value as it came from a client: in any of its strings, however deep. What
 * is as long as an image is looked through as well; only the text of an error that would be withheld costs this.
 */
export function isWrittenIn(value: unknown, piece: string): boolean {
  if (typeof value === 'string') return value.includes(piece);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => isWrittenIn(member, piece));
}
