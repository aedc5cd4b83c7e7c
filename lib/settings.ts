import { alarmProblems } from './settings/alarm-rows.ts';
import { environmentOf, refusedByFunction, tooLarge } from './settings/environment.ts';
import { functionSettings } from './settings/function-settings.ts';
import { nearest } from './settings/nearest.ts';
import { maxRegions, reachOf } from './settings/reach.ts';
import { allowedBy, fits, fromCommandLine, type Setting } from './settings/setting.ts';
import { type StackSettings, stackSettings } from './settings/stack-settings.ts';

/** Everything that can stand under `gateway` in the context of `cdk.json`. */
export const allSettings: Readonly<Record<string, Setting>> = { ...stackSettings, ...functionSettings };

export interface Settings extends StackSettings {
  /** Of the function; the stack adds the secret's ARN. */
  environment: Record<string, string>;
}

/** Settings that cannot be used. The message names each of them and says what is allowed. */
export class SettingsError extends Error {
  override name = 'SettingsError';

  constructor(problems: readonly string[]) {
    super(['The gateway’s settings cannot be used:', ...problems.map((line) => `  ${line}`)].join('\n'));
  }
}

/**
 * Reads `gateway` and `gateway.<name>` from the CDK context; the latter, from the command line, wins. Throws
 * SettingsError with every problem there is.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = { ...gatewayBlock(context.gateway), ...commandLine(context) };
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const setting = settingNamed(name);
    if (!setting) problems.push(unknown(name));
    else if (value === undefined || value === null) continue;
    else if (fits(setting, value)) values[name] = value;
    else problems.push(`gateway.${name} is ${JSON.stringify(value)}: must be ${allowedBy(setting)}`);
  }
  const environment = environmentOf(values);
  problems.push(
    ...together(values),
    ...refusedByFunction(environment, values),
    ...tooLarge(environment, values),
  );
  problems.push(
    ...tooManyRegions(environment),
    ...tooManyNames(environment, values),
    ...tooManyInputs(values),
  );
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...stackValues(values), environment };
}

const settingNamed = (name: string) => (Object.hasOwn(allSettings, name) ? allSettings[name] : undefined);

function unknown(name: string): string {
  const meant = nearest(name, Object.keys(allSettings));
  const hint = meant ? `did you mean ${meant}?` : `settings are ${Object.keys(allSettings).join(', ')}`;
  return `gateway.${name} is not a setting: ${hint}`;
}

/** `-c gateway='{…}'` replaces the whole block of `cdk.json`: the CDK takes context by the key. */
function gatewayBlock(block: unknown): Record<string, unknown> {
  if (block === undefined) return {};
  const value = typeof block === 'string' ? parsed(block) : block;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SettingsError([`gateway is ${JSON.stringify(block)}: must be a JSON object`]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `-c gateway.memorySize=512`: one setting, over what `cdk.json` says. */
function commandLine(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const prefix = 'gateway.';
  const own = Object.entries(context).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(prefix.length);
      const setting = settingNamed(name);
      return [name, setting && typeof value === 'string' ? fromCommandLine(setting, value) : value];
    }),
  );
}

/** Rules about more than one setting, and about the members of one. */
function together(values: Readonly<Record<string, unknown>>): string[] {
  const { apiKeySecretArn, apiKeySecretKmsKeyArn, limits, usageByDay } = values;
  const { logLevel, alarms, alarmTopicArn, metrics, batches, batchInputs, batchRetentionDays } = values;
  const problems = alarms === undefined ? [] : alarmProblems(alarms as Record<string, unknown>);
  if (apiKeySecretKmsKeyArn !== undefined && apiKeySecretArn === undefined) {
    problems.push('gateway.apiKeySecretKmsKeyArn is set without gateway.apiKeySecretArn, whose key it is');
  }
  if (usageByDay === true && limits !== true) {
    problems.push('gateway.usageByDay is set without gateway.limits, whose table it writes to');
  }
  if (alarms !== undefined && metrics === false) {
    problems.push('gateway.alarms are set and gateway.metrics is false: there would be nothing to watch');
  }
  if (alarms !== undefined && logLevel === 'silent') {
    problems.push(
      'gateway.alarms are set and gateway.logLevel is silent: no line that they watch is written',
    );
  }
  if (alarmTopicArn !== undefined && alarms === undefined) {
    problems.push('gateway.alarmTopicArn is set without gateway.alarms, which would send to it');
  }
  for (const [name, value] of Object.entries({ batchInputs, batchRetentionDays })) {
    if (value !== undefined && batches !== true)
      problems.push(`gateway.${name} is set without gateway.batches, which it is about`);
  }
  return problems;
}

function tooManyRegions(environment: Readonly<Record<string, string>>): string[] {
  const { regions } = reachOf(environment);
  if (regions.length <= maxRegions) return [];
  return [
    `gateway.regions, with the models and guardrails of other settings, names ${regions.length} regions (${regions.join(', ')}): at most ${maxRegions}, because the role’s policy has to hold each of them`,
  ];
}

/** A managed policy has room for 6,144 characters, of which other statements may need 1,600. */
const maxNames = 4500;

function tooManyNames(
  { ASSUMABLE_ROLES = '' }: Readonly<Record<string, string>>,
  { projects = [] }: Readonly<Record<string, unknown>>,
): string[] {
  const roles = ASSUMABLE_ROLES.split(',').reduce((sum, arn) => sum + arn.length + 3, 0);
  const arns = (projects as string[]).reduce(
    (sum, id) => sum + `"arn:aws-us-gov:bedrock:*:123456789012:project/${id}",`.length,
    0,
  );
  if (roles + arns <= maxNames) return [];
  return [
    `gateway.assumableRoles and gateway.projects make ${roles + arns} characters of a policy, and ${maxNames} are the most: name fewer of them`,
  ];
}

/** They stand in a policy of their own, in which the other statements of batches need 1,600. */
function tooManyInputs({ batchInputs = [] }: Readonly<Record<string, unknown>>): string[] {
  const arns = (batchInputs as string[]).reduce(
    (sum, input) => sum + `"arn:aws-us-gov:s3:::${input}*",`.length,
    0,
  );
  if (arns <= maxNames) return [];
  return [
    `gateway.batchInputs makes ${arns} characters of a policy, and ${maxNames} are the most: name fewer of them, or one with {key} for all keys`,
  ];
}

function stackValues(values: Readonly<Record<string, unknown>>): StackSettings {
  const entries = Object.entries(stackSettings).map(([name, setting]) => [
    name,
    values[name] ?? setting.default,
  ]);
  // `fits` has checked each value against the table, whose keys are those of StackSettings.
  return Object.fromEntries(entries) as unknown as StackSettings;
}
