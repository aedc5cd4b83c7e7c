/** Levels of arrays and objects in each other. Tool schemas of real clients stay below 40. */
export const maxNesting = 128;

/**
 * Whether a JSON value is nested deeper than is taken. JSON.parse takes any depth, but what walks a value by
 * recursion, JSON.stringify included, overflows the stack at some thousand levels: a 500 that a client could
 * ask for. This walk goes level by level.
 */
export function isNestedTooDeep(value: unknown): boolean {
  let level: object[] = isContainer(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxNesting) return true;
    const next: object[] = [];
    for (const container of level) {
      for (const member of Object.values(container)) if (isContainer(member)) next.push(member);
    }
    level = next;
  }
  return false;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
