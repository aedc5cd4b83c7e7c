import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Golden<T> {
  /** File name without its ending, and the number of the case in it: the test's name. */
  name: string;
  case: T;
}

/**
 * The golden cases below test/golden/<area>: input and expected output side by side. A file holds one case or
 * an array of them.
 */
export function goldenCases<T extends { note: string }>(area: string): Golden<T>[] {
  const folder = fileURLToPath(new URL(`../golden/${area}/`, import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const content = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as T | T[];
      const list = Array.isArray(content) ? content : [content];
      return list.map((item) => ({ name: `${file.replace(/\.json$/, '')}: ${item.note}`, case: item }));
    });
}
