import { readFile } from 'node:fs/promises';
import { fileSystem, placeOf, writeAtomically } from '../atomic-file.ts';
import { ofFile } from '../file-failure.ts';
import { withLock } from '../file-lock.ts';

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
      return await readFile(path, 'utf8').catch(ofFile(path));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    name: path,
    read,
    async change(make) {
      // Behind a link, so that whoever reads the file by its own name has it too.
      const place = await placeOf(path);
      await withLock(`${place}.lock`, fileSystem, async () => writeAtomically(place, make(await read())));
    },
  };
}
