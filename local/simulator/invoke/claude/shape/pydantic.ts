/**
 * Looks at a value that stands at `at`: the first thing that is wrong with it, in the words of pydantic, which
 * Anthropic's API validates with, or undefined.
 */
export type Check = (value: unknown, at: string) => string | undefined;

const join = (at: string, name: string | number): string => (at === '' ? String(name) : `${at}.${name}`);
const should = (at: string, what: string): string => `${at}: Input should be ${what}`;
export const extra = (at: string): string => `${at}: Extra inputs are not permitted`;
const listed = (values: readonly string[]): string =>
  [values.slice(0, -1).join(', '), values.at(-1)].filter((part) => part !== '').join(' or ');
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const anything: Check = () => undefined;

export function string({ pattern, min = 0 }: { pattern?: RegExp; min?: number } = {}): Check {
  return (value, at) => {
    if (typeof value !== 'string') return should(at, 'a valid string');
    if (value.length < min)
      return `${at}: String should have at least ${min} character${min === 1 ? '' : 's'}`;
    return pattern && !pattern.test(value)
      ? `${at}: String should match pattern '${pattern.source}'`
      : undefined;
  };
}

export const boolean: Check = (value, at) =>
  typeof value === 'boolean' ? undefined : should(at, 'a valid boolean');

export const integer =
  (least: number): Check =>
  (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return should(at, 'a valid integer');
    return value < least ? should(at, `greater than or equal to ${least}`) : undefined;
  };

/** Anthropic's own words for what lies outside (quoted for `temperature`). */
export const fraction: Check = (value, at) => {
  if (typeof value !== 'number') return should(at, 'a valid number');
  return value < 0 || value > 1 ? `${at}: range: 0..1` : undefined;
};

export const dictionary: Check = (value, at) =>
  isRecord(value) ? undefined : should(at, 'a valid dictionary');

export const literal =
  (...values: string[]): Check =>
  (value, at) =>
    values.includes(value as string) ? undefined : should(at, listed(values.map((each) => `'${each}'`)));

export const optional =
  (check: Check): Check =>
  (value, at) =>
    value === null ? undefined : check(value, at);

export const list =
  (of: Check, least = 0): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return should(at, 'a valid list');
    if (value.length < least)
      return `${at}: List should have at least ${least} item after validation, not ${value.length}`;
    return first(value, (each, index) => of(each, join(at, index)));
  };

/** A text, or a list of blocks. */
export const textOr =
  (blocks: Check): Check =>
  (value, at) =>
    typeof value === 'string' ? undefined : blocks(value, at);

/** An object with these members and no others, of which `required` must be there; an undefined one is not there. */
export const model =
  (members: Readonly<Record<string, Check | undefined>>, ...required: string[]): Check =>
  (value, at) => {
    if (!isRecord(value)) return should(at, 'a valid dictionary');
    const wrong = first(Object.entries(members), ([name, check]) => {
      if (value[name] !== undefined) return check?.(value[name], join(at, name));
      return required.includes(name) ? `${join(at, name)}: Field required` : undefined;
    });
    const unknown = Object.keys(value).find((name) => members[name] === undefined);
    return wrong ?? (unknown === undefined ? undefined : extra(join(at, unknown)));
  };

/** An object of one of several kinds, told apart by its `type`, which becomes part of the path. */
export const tagged =
  (kinds: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (!isRecord(value)) return should(at, 'a valid dictionary');
    const { type, ...members } = value;
    if (type === undefined) return `${at}.type: Field required`;
    const tag = typeof type === 'string' ? type : JSON.stringify(type);
    const kind = Object.hasOwn(kinds, tag) ? kinds[tag] : undefined;
    return kind ? kind(members, `${at}.${tag}`) : wrongTag(at, tag, Object.keys(kinds));
  };

/** Recorded, for tools. */
export function wrongTag(at: string, found: unknown, expected: readonly string[]): string {
  const tags = expected
    .toSorted()
    .map((tag) => `'${tag}'`)
    .join(', ');
  const said = typeof found === 'string' ? found : JSON.stringify(found);
  return `${at}: Input tag '${said}' found using 'type' does not match any of the expected tags: ${tags}`;
}

/** The first thing that `check` finds in a list. */
export function first<T>(
  values: readonly T[],
  check: (value: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = check(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
