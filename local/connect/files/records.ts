import { join } from 'node:path';
import * as v from 'valibot';
import type { Places } from '../clients/client.ts';
import type { Done } from './change.ts';
import { readText, removeFile, writeText } from './store.ts';

/** What `--write` did to a file, so that `--remove` undoes that and nothing else. It holds no key of the gateway. */
export interface FileRecord {
  path: string;
  format: string;
  /** The file was not there before. */
  created: boolean;
  done: Done[];
}

const step = v.union([v.string(), v.object({ item: v.record(v.string(), v.string()) })]);
const done = v.object({
  at: v.array(step),
  digest: v.string(),
  depth: v.number(),
  before: v.optional(v.string()),
  hollow: v.optional(v.string()),
  kept: v.optional(v.boolean()),
});
const file = v.object({ path: v.string(), format: v.string(), created: v.boolean(), done: v.array(done) });
const records = v.object({ version: v.literal(1), clients: v.record(v.string(), v.array(file)) });

export type Records = Record<string, FileRecord[]>;

/** Beside what other programs keep of themselves on this platform. */
export function recordsPath({ platform, home, env }: Pick<Places, 'platform' | 'home' | 'env'>): string {
  const folder =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
      : (env.XDG_STATE_HOME ?? join(home, '.local', 'state'));
  return join(folder, 'bedrock-gateway', 'connected.json');
}

/** Throws where the file is there and cannot be understood: what is written in it must not be lost. */
export async function readRecords(path: string): Promise<Records> {
  const text = await readText(path);
  if (text === undefined) return {};
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), records), text);
  if (!parsed.success)
    throw new Error(
      `${path} is damaged or of a newer version. Move it away to begin anew; --remove then leaves what it does not know.`,
    );
  return parsed.output.clients;
}

export async function writeRecords(path: string, clients: Records): Promise<void> {
  const kept = Object.fromEntries(Object.entries(clients).filter(([, files]) => files.length > 0));
  if (Object.keys(kept).length === 0) return removeFile(path);
  await writeText(path, `${JSON.stringify({ version: 1, clients: kept }, null, 2)}\n`, true);
}
