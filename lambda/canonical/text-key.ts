import { createHash } from 'node:crypto';
import { bounds } from '../bounds.ts';

/** What stands for a client's text as the key of a Map or Set, where the text may be of any length. */
export function textKey(text: string): string {
  return text.length <= bounds.idCharacters ? text : createHash('sha256').update(text).digest('base64url');
}
