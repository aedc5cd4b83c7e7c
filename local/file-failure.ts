import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why the file system refused something, by its codes. */
const reasons: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) =>
    existsSync(dirname(path)) ? `There is no file ${path}.` : `There is no folder ${dirname(path)}.`,
  EISDIR: (path) => `${path} is a folder: a file is needed.`,
  ENOTDIR: (path) => `${path} cannot be there: a part of its path is a file, not a folder.`,
  EACCES: (path) =>
    `${path} may not be read or written by this user: change its rights or those of its folder.`,
  EPERM: (path) =>
    `${path} may not be read or written by this user: change its rights or those of its folder.`,
  EROFS: (path) => `${path} cannot be written: its file system is read-only.`,
  ENOSPC: (path) => `${path} cannot be written: the disk is full.`,
  EDQUOT: (path) => `${path} cannot be written: your quota of disk space is used up.`,
};

/** What the file system refused, for a person: which file, why, what to do. undefined: it was something else. */
export function fileFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  // A lock stands beside the file that it is for (file-lock.ts).
  return path === undefined ? undefined : reason?.(path.replace(/\.lock$/, ''));
}

/** For `catch`: adds the path to an error of reading, which Node names only where opening fails. */
export const ofFile =
  (path: string) =>
  (error: unknown): never => {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  };
