import { existsSync } from 'node:fs';
import { PlainError } from '../commands/command.ts';
import type { FileNeed, FormatName, Places } from './clients/client.ts';
import { type Done, putIn, takeOut } from './files/change.ts';
import { DamagedFile, nameOf, UneditableFile, valueAt } from './files/format.ts';
import { formatOf } from './files/formats.ts';
import { type FileRecord, readRecords, recordsPath, writeRecords } from './files/records.ts';
import { backupOf, readText, removeFile, writeText } from './files/store.ts';

/** A file that cannot be changed, and why, for a person. Nothing has been written then. */
export class ConnectError extends PlainError {
  override name = 'ConnectError';
}

/** A file as it is and as it should become; `after` undefined: it goes. */
interface Plan {
  path: string;
  before: string | undefined;
  after: string | undefined;
  secret: boolean;
  record: FileRecord | undefined;
  /** Nothing of the gateway's is in it yet. */
  fresh: boolean;
  notes: string[];
}

/** Puts what a client needs into its files. Resolves with what has been done, a line each. Throws ConnectError. */
export async function writeNeed(
  client: string,
  files: readonly FileNeed[],
  places: Places,
): Promise<string[]> {
  const path = recordsPath(places);
  const records = await readRecords(path);
  const earlier = records[client] ?? [];
  const needed = files.map((need) => ({
    need,
    path: need.paths.find((each) => existsSync(each)) ?? need.paths[0],
  }));
  const stale = earlier.filter((record) => !needed.some((each) => each.path === record.path));
  const plans = [
    ...(await all(needed, (each) => planWrite(each.path, each.need, earlier, places))),
    ...(await all(stale, (record) => planRemove(record, places))),
  ];
  // Before the files: what is half done can then be undone.
  const done = plans.flatMap(({ record }) => record ?? []);
  await writeRecords(path, { ...records, [client]: [...done, ...stale] });
  const lines = await all(plans, carryOut);
  await writeRecords(path, { ...records, [client]: done });
  return lines.flat();
}

/** Takes out of a client's files what was put there, and nothing else. Throws ConnectError. */
export async function removeNeed(client: string, places: Places): Promise<string[]> {
  const path = recordsPath(places);
  const records = await readRecords(path);
  const plans = await all(records[client] ?? [], (record) => planRemove(record, places));
  const lines = await all(plans, carryOut);
  await writeRecords(path, { ...records, [client]: [] });
  return lines.flat();
}

/** One after the other. */
async function all<T, R>(list: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const each of list) results.push(await work(each));
  return results;
}

async function planWrite(
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

async function planRemove(record: FileRecord, places: Places): Promise<Plan> {
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

async function carryOut({ path, before, after, secret, record, fresh, notes }: Plan): Promise<string[]> {
  if (after === before) return [...notes, ...(before === undefined ? [] : [`unchanged  ${path}`])];
  if (after === undefined) {
    await removeFile(path);
    return [...notes, `removed    ${path}`];
  }
  const backup = backupOf(path);
  const kept = fresh && before !== undefined;
  if (kept) await writeText(backup, before, true);
  const { closed } = await writeText(path, after, secret);
  // It is as it was: nobody needs the copy.
  if (record === undefined && (await readText(backup)) === after) await removeFile(backup);
  return [
    ...notes,
    `wrote      ${path}${kept ? `, as it was before: ${backup}` : ''}`,
    ...(closed ? [`           it holds the key now: only you may read it`] : []),
  ];
}
