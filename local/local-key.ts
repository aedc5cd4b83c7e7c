import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside package.json; git ignores it. */
const fileName = '.gateway-key';
const form = /^sk-local-[\w-]{20,}$/;

/**
 * The key of `npm start` where none is set: made at the first start and kept in a file that only its owner may
 * read, so that clients are set up once. Where nothing can be written the key is a new one at each start, and
 * `kept` is false.
 */
export async function localKey(folder: string): Promise<{ key: string; kept: boolean }> {
  const path = join(folder, fileName);
  const key = `sk-local-${randomBytes(18).toString('base64url')}`;
  try {
    const known = await knownKey(path);
    if (known) return { key: known, kept: true };
    await create(path, key);
    // Of two that start at the same time the first one's key counts.
    return { key: (await knownKey(path)) ?? key, kept: true };
  } catch {
    return { key, kept: false };
  }
}

async function knownKey(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  if (form.test(text.trim())) {
    await chmod(path, 0o600);
    return text.trim();
  }
  // Emptied or written over: another key takes its place.
  await rm(path);
  return undefined;
}

/** Written beside and linked into place, so that nobody reads half a key and nobody's key is replaced. */
async function create(path: string, key: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${key}\n`, { mode: 0o600 });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}
