import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runConnect } from '../../../local/connect/run-connect.ts';

/** A person's machine: a home and a folder to work in, both in a folder that goes afterwards. */
export interface Machine {
  home: string;
  folder: string;
  /** Runs `gateway connect`; paths in what it says are shown as `~` and `.`. */
  connect(
    args: string[],
    env?: Record<string, string>,
    folder?: string,
  ): Promise<{ code: number; out: string; err: string }>;
  put(path: string, content: string | Uint8Array): Promise<void>;
  /** Every file, by its path as above; without the record of what was written. */
  files(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export const recordPath = '~/.local/state/bedrock-gateway/connected.json';

export async function startMachine(): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'connect-'));
  const [home, folder] = [join(root, 'home'), join(root, 'work')];
  await Promise.all([mkdir(home), mkdir(folder)]);
  const shown = (text: string) => text.replaceAll(home, '~').replaceAll(folder, '.');
  return {
    home,
    folder,
    async connect(args, env = {}, where = folder) {
      let [out, err] = ['', ''];
      const io = {
        stdout: { write: (text: string) => (out += text) },
        stderr: { write: (text: string) => (err += text) },
        env: { HOME: home, ...env },
      };
      const code = await runConnect(args, io, where);
      return { code, out: shown(out), err: shown(err) };
    },
    async put(path, content) {
      const place = path.replace(/^~/, home).replace(/^\./, folder);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, content);
    },
    async files() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => join(parentPath, name));
      const read = await Promise.all(
        paths.sort().map(async (path) => [shown(path), await readFile(path, 'utf8')] as const),
      );
      return Object.fromEntries(read.filter(([path]) => path !== recordPath));
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** Files as a golden file shows them. */
export const listed = (files: Record<string, string>): string =>
  Object.entries(files)
    .map(([path, text]) => `--- ${path}\n${text}`)
    .join('\n');
