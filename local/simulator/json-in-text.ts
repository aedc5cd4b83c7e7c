/** Objects in a text that are looked at. */
const mostObjects = 50;

/** The JSON objects that stand in a text, the outermost ones. */
export function objectsIn(text: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  let at = text.indexOf('{');
  for (let tries = 0; at >= 0 && tries < mostObjects; tries += 1) {
    const end = endOfJson(text, at);
    const value = end === undefined ? undefined : parsed(text.slice(at, end));
    if (value) found.push(value);
    at = text.indexOf('{', value && end !== undefined ? end : at + 1);
  }
  return found;
}

/** Where the object that begins at `from` ends: behind its last brace. undefined: it does not. */
export function endOfJson(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = from; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{') depth += 1;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
