import * as v from 'valibot';
import { type SettingRow, settings } from './settings/table.ts';

export type { AliasSetting, FallbackSettings } from './settings/values.ts';

type Table = typeof settings;
type ValueOf<Row> = Row extends SettingRow<infer T> ? T : never;

/** Every setting of the function, validated, by the names of the settings table. Times are milliseconds. */
type Settings = { readonly [Name in keyof Table]: Immutable<ValueOf<Table[Name]>> };

export interface Config extends Settings {
  /** `regions` were named, so nothing is called beyond them; else it is the home region alone that is in it. */
  readonly areRegionsNamed: boolean;
}

type Immutable<T> = T extends (infer Item)[] ? readonly Item[] : T extends object ? Readonly<T> : T;

/** A key or a credential without the white space and the quotes that were pasted with it. */
export function asMeant(value: string): string {
  const trimmed = value.trim();
  return /^(["']).+\1$/s.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

/** A setting that cannot be used. The message names the variable, never the value of a key. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const rows = Object.entries<SettingRow<unknown>>(settings);

/** The environment variables, in the table's order. */
export const settingNames: readonly string[] = rows.map(([, { variable }]) => variable);

/** What stands in an environment variable for a value as `cdk.json` has it. */
export function toVariable(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Turns an environment into one frozen Config. Throws ConfigError with a line for each setting that is wrong. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const values = rows.map(([name, row]) => {
    const initial = row.default === undefined ? undefined : toVariable(row.default);
    const text = variableOf(row, env, problems) || initial;
    if (text === undefined) return [name, undefined];
    const result = v.safeParse(row.kind.schema, text);
    if (result.success) return [name, result.output];
    problems.push(...result.issues.map((issue) => explain(row, issue, text)));
    return [name, undefined];
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  // Each value has come out of its row's own schema.
  const config = Object.fromEntries(values) as Settings;
  const areRegionsNamed = config.regions.length > 0;
  const regions = areRegionsNamed ? config.regions : [config.region];
  return Object.freeze({ ...config, areRegionsNamed, regions, region: regions[0] ?? config.region });
}

/** What the environment says; both names of one setting may be given when they agree. */
function variableOf(
  { variable, alsoVariable = '' }: SettingRow<unknown>,
  env: Record<string, string | undefined>,
  problems: string[],
): string | undefined {
  const [text, other] = [env[variable], env[alsoVariable]];
  if (text && other && text !== other)
    problems.push(`${variable} and ${alsoVariable} are one setting and say different things`);
  return text || other;
}

function explain(
  { variable, secret }: SettingRow<unknown>,
  issue: v.BaseIssue<unknown>,
  text: string,
): string {
  const value = secret ? '' : ` is ${JSON.stringify(text)}:`;
  const inside = v.getDotPath(issue);
  return `${variable}${value}${inside ? ` ${inside}` : ''} ${issue.message}`;
}
