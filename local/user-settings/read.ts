import * as v from 'valibot';
import { ConfigError } from '../../lambda/config.ts';
import { entriesOf, readDocument, settingsPath } from './file.ts';
import {
  isUserSetting,
  type UserSetting,
  type UserSettingName,
  type UserSettings,
  userSettingNames,
  userSettings,
} from './table.ts';

type Env = Record<string, string | undefined>;

/** A value, and whether it comes from the environment or the file. */
export interface Found {
  name: UserSettingName;
  value: unknown;
  /** The variable, or the path of the file. */
  from: string;
}

/** Throws ConfigError with a line for each value that is wrong, wherever it stands. */
export async function findSettings(env: Env): Promise<Found[]> {
  const path = settingsPath(env);
  const problems: string[] = [];
  const inFile = new Map<string, unknown>();
  for (const [name, value] of entriesOf(await readDocument(path))) {
    if (isUserSetting(name)) inFile.set(name, value);
    else problems.push(`${path}: there is no setting ${name}. ${known}`);
  }
  const found = userSettingNames.flatMap((name): Found[] => {
    const row: UserSetting<unknown> = userSettings[name];
    const variable = [row.variable, row.alsoVariable ?? ''].find((each) => env[each]);
    const given = variable === undefined ? inFile.get(name) : row.read(env[variable] ?? '');
    if (given === undefined) return [];
    const from = variable ?? path;
    const result = v.safeParse(row.schema, given);
    if (result.success) return [{ name, value: result.output, from }];
    problems.push(wrong(variable ?? `${path}: ${name}`, given, result.issues[0].message));
    return [];
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return found;
}

export async function readUserSettings(env: Env): Promise<UserSettings> {
  const found = await findSettings(env);
  // Each value has come out of its row's own schema.
  return Object.fromEntries(found.map(({ name, value }) => [name, value])) as UserSettings;
}

/** The value of an argument, checked. Throws ConfigError. */
export function readValue(name: string, text: string): unknown {
  const row = rowOf(name);
  const result = v.safeParse(row.schema, row.read(text));
  if (result.success) return result.output;
  throw new ConfigError(wrong(name, text, result.issues[0].message));
}

/** Throws ConfigError for a name that no setting has. */
export function rowOf(name: string): UserSetting<unknown> {
  if (isUserSetting(name)) return userSettings[name];
  throw new ConfigError(`There is no setting ${name}. ${known}`);
}

const wrong = (where: string, value: unknown, why: string) => `${where} is ${JSON.stringify(value)}: ${why}.`;
const known = `There are ${userSettingNames.join(', ')}.`;
