import { dirname, join } from 'node:path';
import { isObject } from '../../lambda/canonical/json.ts';
import { ConfigError } from '../../lambda/config.ts';
import { type FileSystem, fileSystem, placeOf, writeAtomically } from '../atomic-file.ts';
import { ofFile } from '../file-failure.ts';
import { withLock } from '../file-lock.ts';
import { configFolder } from '../platform-folders.ts';
import { withoutMark } from '../without-mark.ts';
import { userSettingNames } from './table.ts';

type Group = Record<string, unknown>;
/** As the file has it: `{"chat": {"defaultModel": "…"}}`. */
export type SettingsDocument = Record<string, Group>;

export const settingsPath = (env: Record<string, string | undefined>): string =>
  join(configFolder(env), 'config.json');

/** {} where there is no file. Throws ConfigError for what is not a file of settings. */
export async function readDocument(path: string, fs: FileSystem = fileSystem): Promise<SettingsDocument> {
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8').catch(ofFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const document = parsed(withoutMark(text), path);
  if (isDocument(document)) return document;
  throw new ConfigError(`${path}: it must be an object of objects, such as {"chat": {"defaultModel": "…"}}.`);
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`${path} is no JSON. Correct it, or take it away to begin anew.`);
  }
}

const isDocument = (value: unknown): value is SettingsDocument =>
  isObject(value) && Object.values(value).every(isObject);

const groups = [...new Set(userSettingNames.map((name) => name.split('.')[0] ?? ''))];

/** Each value by its full name, those that no setting has as well. */
export function entriesOf(document: SettingsDocument): [name: string, value: unknown][] {
  return Object.entries(document).flatMap(([group, values]) =>
    groups.includes(group)
      ? Object.entries(values).map(([name, value]): [string, unknown] => [`${group}.${name}`, value])
      : [[group, values] as [string, unknown]],
  );
}

/**
 * With a value, or without one where it is undefined; everything else in the file stays, also what another command
 * changes at the same time.
 */
export async function changeSetting(
  path: string,
  fullName: string,
  value: unknown,
  fs: FileSystem = fileSystem,
): Promise<void> {
  // Where people keep such files elsewhere, a link leads there and is to stay.
  const place = await placeOf(path);
  await fs.mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await withLock(`${place}.lock`, fs, async () => {
    const changed = withSetting(await readDocument(path, fs), fullName, value);
    await writeAtomically(place, `${JSON.stringify(changed, null, 2)}\n`, fs);
  });
}

function withSetting(document: SettingsDocument, fullName: string, value: unknown): SettingsDocument {
  const [group = '', name = ''] = fullName.split('.');
  const { [name]: _, ...rest } = document[group] ?? {};
  const values = value === undefined ? rest : { ...rest, [name]: value };
  const { [group]: __, ...others } = document;
  return Object.keys(values).length > 0 ? { ...others, [group]: values } : others;
}
