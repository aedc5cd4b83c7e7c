import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileSystem } from '../atomic-file.ts';
import { withLock } from '../file-lock.ts';
import type { Client, FileNeed, Places } from './clients/client.ts';
import { type Done, isSamePlace } from './files/change.ts';
import { type FileRecord, type Records, readRecords, recordsPath, writeRecords } from './files/records.ts';
import { backupOf, readText, removeFile, writeText } from './files/store.ts';
import { type Plan, planRemove, planWrite } from './plan.ts';
import { shellNames, shellOf } from './shells/shell.ts';

/** Puts what a client needs into its files. Resolves with what has been done, a line each. Throws ConnectError. */
export async function writeNeed(
  client: Client,
  files: readonly FileNeed[],
  places: Places,
): Promise<string[]> {
  const path = recordsPath(places);
  await mkdir(dirname(path), { recursive: true });
  return alone(path, () => writeAll(path, client, files, places));
}

/** Of two commands at the same time neither loses what the other has noted, or both have put into a file. */
const alone = <T>(path: string, work: () => Promise<T>): Promise<T> =>
  withLock(`${path}.lock`, fileSystem, work);

async function writeAll(
  path: string,
  client: Client,
  files: readonly FileNeed[],
  places: Places,
): Promise<string[]> {
  const records = await readRecords(path);
  const { mine, elsewhere, others } = sorted(records, client, places);
  const needed = files.map((need) => ({
    need,
    path: need.paths.find((each) => existsSync(each)) ?? need.paths[0],
  }));
  const stale = mine.filter((record) => !needed.some((each) => each.path === record.path));
  const at = (file: string) => others.filter((each) => each.path === file);
  const plans = [
    ...(await all(needed, (each) => {
      const own = mine.find((record) => record.path === each.path);
      return planWrite(each.path, each.need, { own, others: at(each.path) }, places);
    })),
    ...(await all(stale, (record) => planRemove(record, at(record.path), places))),
  ];
  const done = plans.flatMap(({ record }) => record ?? []);
  const shared = withDigests(records, done);
  // Before the files: what is half done can then be undone.
  await writeRecords(path, { ...shared, [client.name]: [...elsewhere, ...done, ...stale] });
  const lines = await all(plans, carryOut);
  await writeRecords(path, { ...shared, [client.name]: [...elsewhere, ...done] });
  return lines.flat();
}

/** Takes out of a client's files what was put there, and nothing else. Throws ConnectError. */
export async function removeNeed(client: Client, places: Places): Promise<string[]> {
  const path = recordsPath(places);
  return existsSync(path) ? alone(path, () => removeAll(path, client, places)) : [];
}

async function removeAll(path: string, client: Client, places: Places): Promise<string[]> {
  const records = await readRecords(path);
  const { mine, elsewhere, others } = sorted(records, client, places);
  const at = (file: string) => others.filter((each) => each.path === file);
  const plans = await all(mine, (record) => planRemove(record, at(record.path), places));
  const lines = await all(plans, carryOut);
  await writeRecords(path, { ...records, [client.name]: elsewhere });
  return [
    ...lines.flat(),
    ...elsewhere.map((record) => `left       ${record.path}, which is of another folder`),
  ];
}

/** Records of this client's files as it would have them here, of those it has elsewhere, and of other clients. */
function sorted(records: Records, client: Client, places: Places) {
  const here = pathsOf(client, places);
  const [own, others] = [records[client.name] ?? [], Object.entries(records)];
  return {
    mine: own.filter(({ path }) => here.has(path)),
    elsewhere: own.filter(({ path }) => !here.has(path)),
    others: others.flatMap(([name, files]) => (name === client.name ? [] : files)),
  };
}

/** Every file that a client may have here, in whatever API, shell and place of the key. */
function pathsOf(client: Client, places: Places): Set<string> {
  const connection = { baseUrl: 'http://localhost/v1', model: 'm' };
  const keys = [{ in: 'environment' }, { in: 'file', text: '' }] as const;
  const needs = client.apis.flatMap((api) =>
    keys.flatMap((key) =>
      shellNames.map((shell) =>
        client.need({ api, ...connection }, key, { ...places, shell: shellOf(shell, places) }),
      ),
    ),
  );
  return new Set(needs.flatMap(({ files = [] }) => files.flatMap(({ paths }) => paths)));
}

/** The records of all, where those of a place that was written anew know it by its new value. */
function withDigests(records: Records, written: readonly FileRecord[]): Records {
  const update = (record: FileRecord): FileRecord => {
    const file = written.find(({ path }) => path === record.path);
    const digestAt = ({ at, digest }: Done) =>
      file?.done.find((each) => isSamePlace(each.at, at))?.digest ?? digest;
    return { ...record, done: record.done.map((each) => ({ ...each, digest: digestAt(each) })) };
  };
  return Object.fromEntries(Object.entries(records).map(([name, files]) => [name, files.map(update)]));
}

/** One after the other. */
async function all<T, R>(list: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const each of list) results.push(await work(each));
  return results;
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
