import { randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** What of the file system is used, so that a test can have a full disk. */
export type FileSystem = Pick<
  typeof nodeFs,
  'mkdir' | 'open' | 'readFile' | 'readdir' | 'rename' | 'rm' | 'stat'
>;

export const fileSystem: FileSystem = nodeFs;

/** Where a path leads: links are followed, also to a file that is not there yet, so that the link itself stays. */
export async function placeOf(path: string): Promise<string> {
  const found = await nodeFs.realpath(path).catch(() => undefined);
  if (found !== undefined) return found;
  const target = await nodeFs.readlink(path).catch(() => undefined);
  if (target === undefined) return path;
  const place = resolve(dirname(path), target);
  // Of links that lead to each other the first is written over.
  return (await nodeFs.lstat(place).catch(() => undefined))?.isSymbolicLink() ? path : place;
}

/**
 * Writes a file whole or not at all: beside its place first, then put there in one step. Only its owner can read it.
 * Rejects with the file system's error (ENOSPC, EACCES, …); what was there before is then untouched.
 */
export async function writeAtomically(
  path: string,
  text: string,
  fs: FileSystem = fileSystem,
): Promise<void> {
  const folder = dirname(path);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await fs.open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(draft, path);
  } catch (error) {
    await fs.rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
