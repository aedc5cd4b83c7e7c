import { isObject } from '../../canonical/json.ts';
import { GatewayError } from '../../errors.ts';
import { type Field, type Note, type Spell, withMember } from '../../fields.ts';
import type { Fields } from './json.ts';

/**
 * What an API calls each field that a model can be asked for. It names all of them: with a new field the compiler asks
 * every API for its name. An API that has no such field gives the name that its clients would look for.
 *
 * @example
 * const messagesNames: FieldNames<RequestField> = { maxTokens: 'max_tokens', stopSequences: 'stop_sequences', … };
 */
export type FieldNames<F extends Field> = Readonly<Record<F, string>>;

/** One of several names of a field. */
export interface OtherName {
  name: string;
  /** Paths below which the body has it, if they are not the name; a path passes through every item of a list. */
  at?: readonly string[];
}

/** The fields that a client may write in several ways: all the names, in the order in which the API prefers them. */
export type OtherNames<F extends Field> = Readonly<Partial<Record<F, readonly (string | OtherName)[]>>>;

/**
 * How to spell fields for the client that sent `body`: the name that it used where there are several, else the one
 * of the table. The body is looked at only when there is something to say.
 */
export function spellingFor<F extends Field>(
  body: Fields,
  names: FieldNames<F>,
  others?: OtherNames<F>,
): Spell {
  const table: Partial<Record<Field, string>> = names;
  const several: Partial<Record<Field, readonly (string | OtherName)[]>> = others ?? {};
  return (field, member) => {
    const known = (several[field] ?? []).map((name) => (typeof name === 'string' ? { name } : name));
    const withIt = member === undefined ? undefined : known.find((name) => isIn(body, name, member));
    const used = withIt ?? known.find((name) => isIn(body, name));
    return withMember(used?.name ?? table[field] ?? field, member);
  };
}

function isIn(body: Fields, { name, at = [name] }: OtherName, member?: string | number): boolean {
  const rest = member === undefined ? [] : [String(member)];
  return at.some((path) => leadsSomewhere(body, [...path.split('.'), ...rest]));
}

/** null counts as absent, as for every parameter. */
function leadsSomewhere(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined && value !== null;
  if (Array.isArray(value)) return value.some((item) => leadsSomewhere(item, [key, ...rest]));
  return isObject(value) && Object.hasOwn(value, key) && leadsSomewhere(value[key], rest);
}

/** What is said of an answer. */
interface Notes {
  warnings: readonly (string | Note)[];
  ignored: readonly Note[];
}

/** The same with its notes in the client's words, as headers take them. */
export function spelledNotes<T extends Notes>(
  outcome: T,
  spell: Spell,
): Omit<T, keyof Notes> & Record<keyof Notes, string[]> {
  const { warnings, ignored } = outcome;
  const inWords = (text: string | Note) => (typeof text === 'string' ? text : text.spelled(spell));
  return { ...outcome, warnings: warnings.map(inWords), ignored: ignored.map(inWords) };
}

/** Does the work of a request that has been read. What fails of it, fails in the client's words. */
export async function inClientWords<T>(spell: Spell, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof GatewayError ? error.spelled(spell) : error;
  }
}
