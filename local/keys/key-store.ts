import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOf } from '../atomic-file.ts';

/** Where the command line keeps keys. */
export interface KeyStore {
  /** As messages name it. */
  name: string;
  /** undefined: there is nothing yet. */
  read(): Promise<string | undefined>;
  /**
   * Puts what `make` makes of the content in its place. Where somebody else changes it meanwhile, `make` is called again
   * with what is there then: of two commands at once neither undoes what the other has done. What `make` throws leaves
   * everything as it is.
   */
  change(make: (content: string | undefined) => string): Promise<void>;
}

/** Written beside and moved into place, so that a server never reads half a file; readable by its owner only. */
export function fileStore(path: string): KeyStore {
  const read = async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  };
  return {
    name: path,
    read,
    async change(make) {
      // Behind a link, so that whoever reads the file by its own name has it too.
      const place = await placeOf(path);
      await alone(`${place}.lock`, async () => replace(place, make(await read())));
    },
  };
}

async function replace(place: string, content: string): Promise<void> {
  const draft = `${place}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, place);
  } finally {
    await rm(draft, { force: true });
  }
}

const lockWaitMs = 5000;

/**
 * Does `work` while no other command does. By hand: it is one exclusive creation of a file, and the package for it has
 * had no release since 2021.
 */
async function alone(lock: string, work: () => Promise<void>): Promise<void> {
  const until = Date.now() + lockWaitMs;
  while (!(await taken(lock))) {
    if (Date.now() > until)
      throw new Error(
        `${lock} is there: another command is changing the keys. If none is under way, one was ended: remove that file.`,
      );
    await sleep(20);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
