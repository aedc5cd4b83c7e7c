import { ConfigError, readConfig, toVariable } from '../../lambda/config.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import { readOverrides } from '../../lambda/prices/read-overrides.ts';
import { functionSettings } from './function-settings.ts';

type Environment = Record<string, string>;
type Values = Readonly<Record<string, unknown>>;

/** The function's environment: only what was set, in the table's order, as `readConfig` takes it. */
export function environmentOf(values: Values): Environment {
  const entries = Object.entries(functionSettings).flatMap(([name, setting]) => {
    const text = values[name] === undefined ? '' : toVariable(values[name]);
    return text === '' ? [] : [[setting.variable, text]];
  });
  return Object.fromEntries(entries);
}

/** What the function itself would refuse at start-up, in the words of the settings. */
export function refusedByFunction(environment: Environment, values: Values): string[] {
  try {
    const config = readConfig(environment);
    checkModelSettings(config);
    readOverrides(config.prices);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => inSettingsWords(line, environment, values));
  }
}

function inSettingsWords(line: string, environment: Environment, values: Values): string {
  for (const [name, { variable }] of Object.entries(functionSettings)) {
    const start = `${variable} is ${JSON.stringify(environment[variable])}:`;
    if (line.startsWith(start)) {
      return `gateway.${name} is ${JSON.stringify(values[name])}:${line.slice(start.length)}`;
    }
    const rest = line.slice(variable.length);
    if (line.startsWith(variable) && /^[: ]/.test(rest)) return `gateway.${name}${rest}`;
  }
  return line;
}

/** Not adjustable: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const limitBytes = 4096;
/** For what the stack adds, whose length is known only when it exists: the secret’s ARN, the metrics’ namespace. */
const reservedBytes = 512;
/** For LIMITS_TABLE, and as much for STORE: the name in it has the stack’s, of up to 128 characters. */
const tableBytes = 256;
/** For BATCHES, where there are some: the names of the bucket and the role. Inputs come on top. */
const batchesBytes = 400;

/**
 * Lambda measures the environment as one JSON string, so every quote in a JSON setting counts twice
 * ("String measured: …" in its error, github-aws-runners/terraform-aws-github-runner#3594).
 */
export function tooLarge(
  environment: Environment,
  { limits, store, batches, batchInputs }: Values = {},
): string[] {
  const ofTable = [limits, store].filter((each) => each === true).length * tableBytes;
  const ofBatches = batches === true ? batchesBytes + JSON.stringify(batchInputs ?? []).length : 0;
  const bytes = Buffer.byteLength(JSON.stringify(environment)) + reservedBytes + ofTable + ofBatches;
  if (bytes <= limitBytes) return [];
  const largest = Object.entries(functionSettings)
    .map(([name, { variable }]) => ({
      name,
      bytes: Buffer.byteLength(JSON.stringify(environment[variable] ?? '')),
    }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map((setting) => `gateway.${setting.name} (${setting.bytes} bytes)`);
  return [
    `The settings make an environment of ${bytes} bytes and Lambda takes ${limitBytes}. The largest: ${largest.join(', ')}.`,
  ];
}
