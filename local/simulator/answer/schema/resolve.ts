import type { Schema } from '../../converse/request.ts';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a reference within the document stands for: a JSON pointer or an anchor; `{}` for any other. */
export function resolve(ref: unknown, root: Schema): Schema | boolean {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return {};
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return anchored(ref.slice(1), root) ?? {};
  let at: unknown = root;
  for (const word of ref.slice(2).split('/')) {
    const key = decoded(word).replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  }
  return isObject(at) || typeof at === 'boolean' ? at : {};
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function anchored(name: string, root: Schema): Schema | undefined {
  const definitions = [root.$defs, root.definitions].flatMap((each) =>
    isObject(each) ? Object.values(each) : [],
  );
  return definitions.find(
    (each): each is Schema => isObject(each) && (each.$anchor === name || each.$id === `#${name}`),
  );
}
