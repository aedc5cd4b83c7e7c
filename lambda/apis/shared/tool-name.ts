import { bounds, checkLength } from '../../bounds.ts';
import { readName } from './json.ts';

/** The name of a tool, in its definition or in a call. It becomes a key of Maps, so its length is bounded. */
export function readToolName(value: unknown, path: string): string {
  return checkLength(readName(value, path), bounds.nameCharacters, path);
}
