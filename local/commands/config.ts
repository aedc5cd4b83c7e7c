import type { Io } from '../io.ts';
import { changeSetting, settingsPath } from '../user-settings/file.ts';
import { findSettings, readValue, rowOf } from '../user-settings/read.ts';
import { type UserSetting, userSettingNames, userSettings } from '../user-settings/table.ts';
import { exit, readArgs, reporting, table, UsageError } from './command.ts';

const usage = `Usage: gateway config set <name> <value>
       gateway config get <name>
       gateway config list
       gateway config unset <name>

Settings of \`gateway chat\` and \`gateway conversations\`, kept in a file of yours. Options of a command win over the
environment, and the environment over the file.

${table(userSettingNames.map((name) => [`  ${name}`, userSettings[name].variable, userSettings[name].about]))}`;

/** `gateway config`: reads and changes a person's settings. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, { help: { type: 'boolean', short: 'h' } });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const [action = '', name, value, ...more] = positionals;
    const given = [name, value].filter((each) => each !== undefined).length;
    const takes = Object.hasOwn(operands, action) ? operands[action] : undefined;
    if (takes === undefined) {
      throw new UsageError(action === '' ? 'Say what to do.' : `There is no config ${action}.`);
    }
    if (given !== takes || more.length > 0) throw new UsageError(`config ${action} takes ${counted[takes]}.`);
    if (name === undefined) return list(io);
    const row = rowOf(name);
    if (action === 'get') return get(io, name);
    await change(io, name, row, value);
    return exit.ok;
  });
}

const operands: Record<string, number> = { set: 2, get: 1, list: 0, unset: 1 };
const counted = ['nothing more', 'a name', 'a name and a value'];

async function list(io: Io): Promise<number> {
  const found = await findSettings(io.env);
  io.stdout.write(table(found.map(({ name, value, from }) => [name, shown(value), from])));
  if (found.length === 0) io.stderr.write('Nothing is set.\n');
  return exit.ok;
}

/** Its status says whether it is set. */
async function get(io: Io, wanted: string): Promise<number> {
  const found = (await findSettings(io.env)).find(({ name }) => name === wanted);
  if (!found) {
    io.stderr.write(`${wanted} is not set.\n`);
    return exit.failed;
  }
  io.stdout.write(`${shown(found.value)}\n`);
  return exit.ok;
}

/** Works on a file in which another value is wrong, so that it can be put right. */
async function change(
  io: Io,
  name: string,
  { variable }: UserSetting<unknown>,
  value: string | undefined,
): Promise<void> {
  const path = settingsPath(io.env);
  await changeSetting(path, name, value === undefined ? undefined : readValue(name, value));
  io.stderr.write(`${value === undefined ? 'Unset' : 'Set'} ${name} in ${path}.\n`);
  if (io.env[variable]) io.stderr.write(`${variable} is in the environment, and wins.\n`);
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));
