import { existsSync } from 'node:fs';
import type { FileNeed, Places } from './clients/client.ts';
import { readRecords, recordsPath, writeRecords } from './files/records.ts';
import { backupOf, readText, removeFile, writeText } from './files/store.ts';
import { type Plan, planRemove, planWrite } from './plan.ts';

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
