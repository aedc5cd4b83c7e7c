type Print = (line: string) => void;

/**
 * Gives a program its `console`. The text of this function is run within the sandbox, where the limits hold for it as for
 * the program: so it may use nothing from outside itself. Returns what shows a value as text.
 */
export function installConsole(print: Print): (value: unknown) => string {
  const maxDepth = 6;
  const maxItems = 1000;
  let items = 0;

  const showObject = (value: object, seen: readonly object[]): string => {
    if (seen.includes(value)) return '[Circular]';
    if (value instanceof Error)
      return `${value.name}: ${value.message}${value.stack ? `\n${value.stack}` : ''}`;
    if (value instanceof Date || value instanceof RegExp) return String(value);
    if (seen.length >= maxDepth) return Array.isArray(value) ? '[Array]' : '[Object]';
    const inside = [...seen, value];
    const all = (parts: Iterable<unknown>, one: (part: never) => string): string => {
      const texts: string[] = [];
      for (const part of parts) {
        items += 1;
        if (items > maxItems) {
          texts.push('…');
          break;
        }
        texts.push(one(part as never));
      }
      return texts.join(', ');
    };
    const one = (part: unknown) => show(part, inside);
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
      return `[${all(value as Iterable<unknown>, one)}]`;
    if (value instanceof Map)
      return `Map {${all(value, ([key, each]: [unknown, unknown]) => `${one(key)} => ${one(each)}`)}}`;
    if (value instanceof Set) return `Set {${all(value, one)}}`;
    const name = value.constructor?.name;
    const title = name && name !== 'Object' ? `${name} ` : '';
    const member = (key: string) => `${key}: ${one((value as Record<string, unknown>)[key])}`;
    return `${title}{${all(Object.keys(value), member)}}`;
  };
  const show = (value: unknown, seen: readonly object[]): string => {
    if (typeof value === 'object' && value !== null) return showObject(value, seen);
    if (typeof value === 'string') return seen.length === 0 ? value : JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `[Function ${value.name}]`;
    return Object.is(value, -0) ? '-0' : String(value);
  };
  const showOne = (value: unknown): string => {
    items = 0;
    return show(value, []);
  };

  const log = (...values: unknown[]) => print(values.map(showOne).join(' '));
  const nothing = () => {};
  const assert = (holds: unknown, ...values: unknown[]) => {
    if (!holds) log('Assertion failed:', ...values);
  };
  const console = {
    ...{ log, info: log, warn: log, error: log, debug: log, dir: log, table: log, trace: log, group: log },
    ...{
      groupEnd: nothing,
      time: nothing,
      timeEnd: nothing,
      timeLog: nothing,
      count: nothing,
      clear: nothing,
    },
    assert,
  };
  Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
  return showOne;
}
