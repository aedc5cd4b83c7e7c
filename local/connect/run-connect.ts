import { homedir } from 'node:os';
import { exit, reporting, table } from '../commands/command.ts';
import type { Io } from '../io.ts';
import { check } from './check.ts';
import { apiTitles, type Client, type Places } from './clients/client.ts';
import { clients } from './clients/table.ts';
import { readRecords, recordsPath } from './files/records.ts';
import { findGateway } from './gateway/find.ts';
import type { FoundGateway } from './gateway/gateway.ts';
import { type ConnectOptions, readOptions, usage } from './options.ts';
import { ConnectError } from './plan.ts';
import { render, type ShownKey, variables } from './print.ts';
import { detectShell, processAncestors } from './shells/detect.ts';
import { shellOf } from './shells/shell.ts';
import { removeNeed, writeNeed } from './write.ts';

/** `gateway connect`: 0 done, 1 could not be done, 2 not understood. */
export function runConnect(args: string[], given: Io, folder = process.cwd()): Promise<number> {
  return reporting(given, usage, async () => {
    // A variable that is empty says nothing: XDG folders, a port, a model.
    const said = Object.entries(given.env).filter(([, value]) => value !== '');
    const io: Io = { ...given, env: Object.fromEntries(said) };
    const options = readOptions(args, io.env);
    if (options.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const places = placesOf(options, io.env, folder);
    const { client } = options;
    if (!client) return list(places, io);
    if (options.remove) return remove(client, places, io);
    return connect(client, options, places, io);
  });
}

function placesOf({ shell }: ConnectOptions, env: Io['env'], folder: string): Places {
  const { platform } = process;
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const name = shell ?? detectShell({ platform, env, ancestors: processAncestors });
  return { home, folder, platform, env, shell: shellOf(name, { home, platform, env }) };
}

async function list(places: Places, io: Io): Promise<number> {
  const records = await readRecords(recordsPath(places));
  const rows = clients.map(({ name, title, apis }) => [
    name,
    title.replaceAll('`', ''),
    apis.map((api) => apiTitles[api]).join(', '),
    records[name] ? 'connected' : '',
  ]);
  io.stdout.write(table([['CLIENT', 'PROGRAM', 'SPEAKS', ''], ...rows]));
  io.stdout.write('\nWhat one needs: gateway connect <client>. --help tells more.\n');
  return exit.ok;
}

async function remove(client: Client, places: Places, io: Io): Promise<number> {
  const lines = await removeNeed(client, places);
  const none = `Nothing to remove: ${client.title} was not connected here by --write.`;
  io.stdout.write(`${(lines.length === 0 ? [none] : lines).join('\n')}\n`);
  return exit.ok;
}

async function connect(client: Client, options: ConnectOptions, places: Places, io: Io): Promise<number> {
  const { api, model } = options;
  const gateway = await findGateway(options.which, places.env);
  const connection = { api, model, baseUrl: gateway.baseUrl };
  io.stderr.write(
    `${client.title.replaceAll('`', '')}: ${gateway.about}, model ${model}, by ${apiTitles[api]}\n\n`,
  );
  if (options.write) await write(client, options, gateway, places, io);
  else if (!options.check) {
    io.stdout.write(render(client, connection, await shownKey(options, gateway), places));
  }
  if (!options.check) return exit.ok;
  const { ok, lines } = await check(connection, await gateway.key.read());
  io.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${lines.join('\n      ')}\n`);
  return ok ? exit.ok : exit.failed;
}

/** A key that was typed is in the person's hands already; any other is shown when that is asked for. */
async function shownKey({ showKey }: ConnectOptions, { key }: FoundGateway): Promise<ShownKey> {
  if (key.given !== undefined) return { text: key.given };
  return showKey ? { text: await key.read() } : { command: key.command };
}

async function write(
  client: Client,
  options: ConnectOptions,
  gateway: FoundGateway,
  places: Places,
  io: Io,
): Promise<void> {
  if (options.keyInEnv && !client.keyMayStayOut)
    throw new ConnectError(`${client.title} keeps its key in its own file: --key-in-env is not possible.`);
  const { baseUrl, key } = gateway;
  const place = options.keyInEnv
    ? ({ in: 'environment' } as const)
    : { in: 'file' as const, text: await key.read() };
  const { api, model } = options;
  const {
    files = [],
    variables: needed = [],
    code = [],
    notes = [],
  } = client.need({ api, model, baseUrl }, place, places);
  if (files.length === 0)
    throw new ConnectError(
      `${client.title} has no file for this on ${places.shell.name}: paste what is printed without --write.`,
    );
  const lines = await writeNeed(client, files, places);
  const rest = [
    variables(needed, await shownKey(options, gateway), places),
    ...code.map(({ text }) => text),
    `Then: ${client.start}`,
    ...notes,
  ];
  io.stdout.write(`${[lines.join('\n'), ...rest].filter((part) => part !== '').join('\n\n')}\n`);
}
