import { PlainError } from '../commands/command.ts';
import type { FileNeed, FormatName, Places } from './clients/client.ts';
import { type Done, putIn, takeOut } from './files/change.ts';
import { DamagedFile, nameOf, UneditableFile, valueAt } from './files/format.ts';
import { formatOf } from './files/formats.ts';
import type { FileRecord } from './files/records.ts';
import { readText } from './files/store.ts';

/** A file that cannot be changed, and why, for a person. Nothing has been written then. */
export class ConnectError extends PlainError {
  override name = 'ConnectError';
}

/** A file as it is and as it should become; `after` undefined: it goes. */
export interface Plan {
  path: string;
  before: string | undefined;
  after: string | undefined;
  secret: boolean;
  record: FileRecord | undefined;
  /** Nothing of the gateway's is in it yet. */
  fresh: boolean;
  notes: string[];
}

/** Puts entries in, and takes out those of before that are needed no more. Throws ConnectError. */
export async function planWrite(
  path: string,
  need: FileNeed,
  earlier: readonly FileRecord[],
  places: Places,
): Promise<Plan> {
  const before = await readText(path);
  const known = earlier.find((record) => record.path === path);
  return naming(path, () => {
    const format = formatOf(need.format, places);
    let text = before ?? '';
    const same = (a: Done['at'], b: Done['at']) => JSON.stringify(a) === JSON.stringify(b);
    for (const old of (known?.done ?? []).filter(
      ({ at }) => !need.entries.some((each) => same(each.at, at)),
    )) {
      text = takeOut(format, text, old).text;
    }
    const done: Done[] = [];
    for (const entry of need.entries) {
      const old = known?.done.find(({ at }) => same(at, entry.at));
      if (entry.ifMissing && !old && valueAt(format.read(text), entry.at) !== undefined) continue;
      const put = putIn(format, text, entry, old);
      text = put.text;
      done.push(put.done);
    }
    const record = { path, format: need.format, created: known?.created ?? before === undefined, done };
    return {
      path,
      before,
      after: text,
      secret: need.secret === true,
      record,
      fresh: known === undefined,
      notes: [],
    };
  });
}

/** Takes out what was put in. Throws ConnectError. */
export async function planRemove(record: FileRecord, places: Places): Promise<Plan> {
  const { path } = record;
  const before = await readText(path);
  return naming(path, () => {
    const notes: string[] = [];
    let text = before ?? '';
    for (const done of [...record.done].reverse()) {
      const result = takeOut(formatOf(record.format as FormatName, places), text, done);
      if (result.left) notes.push(`${path}: ${nameOf(done.at)} has been changed since, and is left`);
      text = result.text;
    }
    const gone = before === undefined || (record.created && /^[\s{}[\]]*$/.test(text));
    return {
      path,
      before,
      after: gone ? undefined : text,
      secret: false,
      record: undefined,
      fresh: false,
      notes,
    };
  });
}

/** Whatever is wrong with a file is told with its name. */
function naming(path: string, work: () => Plan): Plan {
  try {
    return work();
  } catch (error) {
    if (error instanceof DamagedFile)
      throw new ConnectError(`${path}, ${error.message}. Correct it first; nothing has been written.`);
    if (error instanceof UneditableFile)
      throw new ConnectError(`${path}: ${error.message}. Nothing has been written.`);
    throw error;
  }
}
