import type { Draft } from './types.ts';

/** More do not fit into the header that tells them, and each is compared with those before it. */
const most = 50;

/** A parameter, by the client's name for it, has no effect on this model. */
export function ignore(draft: Draft, parameter: string): void {
  add(draft.ignored, parameter);
}

/** A repair that the client can notice. One short sentence: it travels in a header. */
export function warn(draft: Draft, text: string): void {
  add(draft.warnings, text);
}

function add(notes: string[], note: string): void {
  if (notes.length < most && !notes.includes(note)) notes.push(note);
}

/** Some tools in words: their names are the client's, and headers are short. */
export function listedTools(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 64)));
  const more = names.length - shown.length;
  return `the tool${names.length > 1 ? 's' : ''} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
