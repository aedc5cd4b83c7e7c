import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { placeOf } from '../../atomic-file.ts';
import { ofFile } from '../../file-failure.ts';
import { PlainError } from '../../plain-error.ts';

/** Backups stand beside their files. */
export const backupOf = (path: string): string => `${path}.before-bedrock-gateway`;

/**
 * What a file holds, its byte order mark too; undefined where there is none. Throws PlainError for one in another encoding
 * than UTF-8, as PowerShell and older editors of Windows write: what could not be read could not be written again.
 */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    return hasCode(error, 'ENOENT') ? undefined : ofFile(path)(error);
  });
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PlainError(
      `${path} is not in UTF-8, so nothing can be put into it without harm to the rest. Save it as UTF-8, or paste what is printed without --write. Nothing has been written.`,
    );
  }
}

/**
 * Writes beside a file and moves it into place, so that nobody reads half of it and a full disk costs nothing. A link
 * is followed: what it points to is written. The file keeps its rights; a new one, and one that holds a key, can be
 * read by its owner alone. Says whether rights were taken away.
 */
export async function writeText(path: string, text: string, secret: boolean): Promise<{ closed: boolean }> {
  const target = await placeOf(path);
  await mkdir(dirname(target), { recursive: true });
  const before = await stat(target).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
  const mode = secret ? (before ?? 0o600) & 0o700 : (before ?? 0o644);
  const draft = `${target}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode });
    // The process's mask may have taken away what the file had.
    await chmod(draft, mode);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
  return { closed: before !== undefined && before !== mode };
}

export async function removeFile(path: string): Promise<void> {
  await rm(await placeOf(path), { force: true });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
