import { PlainError } from '../plain-error.ts';
import type { FileNeed, Places } from './clients/client.ts';
import { type Done, isSamePlace, putAgain, putIn, takeOut } from './files/change.ts';
import { DamagedFile, type Format, nameOf, UneditableFile, valueAt } from './files/format.ts';
import { formatOf, recordedFormat } from './files/formats.ts';
import type { FileRecord } from './files/records.ts';
import { backupOf, readText } from './files/store.ts';
import { isBlank, withLineBreak } from './files/text.ts';
import { plainForm } from './files/text-form.ts';

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

/** What was done to a file before: for this client, and for others that share it, as projects share their `.env`. */
interface Earlier {
  own: FileRecord | undefined;
  others: readonly FileRecord[];
}

const heldBy = (others: readonly FileRecord[], { at }: Pick<Done, 'at'>): Done[] =>
  others.flatMap(({ done }) => done.filter((each) => isSamePlace(each.at, at)));

/** Puts entries in, and takes out those of before that nobody needs any more. Throws ConnectError. */
export async function planWrite(
  path: string,
  { format: name, entries, secret = false }: FileNeed,
  { own, others }: Earlier,
  places: Places,
): Promise<Plan> {
  const before = await readText(path);
  return naming(path, () => {
    const format = formatOf(name, places);
    const { plain, restore } = plainForm(before ?? '');
    let text = plain;
    for (const old of own?.done ?? []) {
      const needed = entries.some(({ at }) => isSamePlace(at, old.at)) || heldBy(others, old).length > 0;
      if (!needed) text = takeOut(format, text, old).text;
    }
    const done: Done[] = [];
    for (const entry of entries) {
      const earlier = heldBy(own ? [own, ...others] : others, entry);
      if (entry.ifMissing && earlier.length === 0 && valueAt(format.read(text), entry.at) !== undefined)
        continue;
      const put = putIn(format, text, entry, earlier);
      text = put.text;
      done.push(put.done);
    }
    const known = own ?? others[0];
    const created = known?.created ?? before === undefined;
    const record = { path, format: recordedFormat(name, places), created, done };
    return { path, before, after: restore(text), secret, record, fresh: known === undefined, notes: [] };
  });
}

/** Takes out what was put in, except what another client has there, too. Throws ConnectError. */
export async function planRemove(
  { path, format: name, created, done: all }: FileRecord,
  others: readonly FileRecord[],
  places: Places,
): Promise<Plan> {
  const before = await readText(path);
  const was = await readText(backupOf(path));
  return naming(path, () => {
    const format = formatOf(name, places);
    const notes: string[] = [];
    const plan = { path, before, secret: false, record: undefined, fresh: false, notes };
    const isOnlyOurs = others.length === 0 && before !== undefined && was !== undefined;
    if (isOnlyOurs && isWithOurs(format, { was, now: before }, all)) return { ...plan, after: was };
    const { plain, restore } = plainForm(before ?? '');
    let text = plain;
    for (const done of [...all].reverse()) {
      if (heldBy(others, done).length > 0) continue;
      const result = takeOut(format, text, done);
      if (result.left) notes.push(`${path}: ${nameOf(done.at)} has been changed since, and is left`);
      text = result.text;
    }
    const gone = before === undefined || (created && holdsNothing(text));
    const after = gone ? undefined : isAsItWas(text, was) ? was : restore(text);
    return { ...plan, after };
  });
}

/** Whether a file is what it was with what was put in, and nothing else: then it becomes that again, to the byte. */
function isWithOurs(format: Format, { was, now }: { was: string; now: string }, all: Done[]): boolean {
  const { plain, restore } = plainForm(was);
  const again = putAgain(format, plain, plainForm(now).plain, all);
  return again !== undefined && restore(again) === now;
}

const holdsNothing = (text: string): boolean => /^[\s{}[\]]*$/.test(text);

/** But for a line break at its end, or the braces of an empty object, without which nothing can be put behind it. */
function isAsItWas(text: string, was: string | undefined): boolean {
  if (was === undefined) return false;
  const { plain } = plainForm(was);
  return withLineBreak(plain) === text || (isBlank(plain) && holdsNothing(text));
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
