import type { FileSystem } from './atomic-file.ts';

/** Milliseconds: a save takes a few; whoever held a lock this long has died with it. */
const staleMs = 10_000;
const patienceMs = 5000;
const pauseMs = 20;

/** Runs `work` while no other process does so for the same path. A lock that its owner left behind is taken over. */
export async function withLock<T>(path: string, fs: FileSystem, work: () => Promise<T>): Promise<T> {
  await take(path, fs);
  try {
    return await work();
  } finally {
    await fs.rm(path, { force: true });
  }
}

async function take(path: string, fs: FileSystem): Promise<void> {
  const began = Date.now();
  for (;;) {
    try {
      const file = await fs.open(path, 'wx', 0o600);
      return await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const held = await fs.stat(path).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > staleMs) await fs.rm(path, { force: true });
    else if (Date.now() - began > patienceMs) throw new Error(`another program is writing it (${path})`);
    else await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
