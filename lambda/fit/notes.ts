import { type Field, field, Note } from '../fields.ts';

/** What a draft says of itself to the client. */
export interface Notes {
  readonly warnings: Note[];
  readonly ignored: Note[];
}

/** More do not fit into the header that holds them, and each is compared with those before it. */
const most = 50;

/** A field, or a parameter that the client named itself, has no effect on this model. */
export function ignore(draft: Pick<Notes, 'ignored'>, parameter: Field | Note): void {
  add(draft.ignored, parameter instanceof Note ? parameter : field(parameter));
}

/** A repair that the client can notice. One short sentence: it travels in a header. */
export function warn(draft: Pick<Notes, 'warnings'>, text: Note): void {
  add(draft.warnings, text);
}

function add(notes: Note[], added: Note): void {
  const text = String(added);
  if (notes.length < most && !notes.some((note) => String(note) === text)) notes.push(added);
}

/** Some tools in words: their names are the client's, and headers are short. */
export function listedTools(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 64)));
  const more = names.length - shown.length;
  return `the tool${names.length > 1 ? 's' : ''} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
