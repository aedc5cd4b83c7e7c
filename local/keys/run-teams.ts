import { parseArgs } from 'node:util';
import { type KeyDocument, readDocument, writeDocument } from './key-document.ts';
import { KeysError, toldFailure } from './keys-error.ts';
import { type LimitValues, limitNames, limitUsage, none } from './limit-options.ts';
import { chooseStore, limitStrings } from './options.ts';
import type { KeysIo } from './run-keys.ts';
import { createTeam, deleteTeam, listTeams, updateTeam } from './teams.ts';

const usage = `Usage: gateway teams <command> [--secret <arn> | --file <path>]

  create --name <name>           a team that keys can belong to (gateway keys create --team <name>)
${limitUsage}
  update --name <name>           other limits, by the options of create; ${none} takes one away
  list                           the teams, their limits and their keys
  delete --name <name>           of a team without keys

What a team may use its keys share; each key may have limits of its own beside them. Teams stand beside the keys, in the
secret or file given, else in that of API_KEY_SECRET_ARN or API_KEY_FILE.
`;

interface Values extends LimitValues {
  name?: string;
  secret?: string;
  file?: string;
}

type Change = (document: KeyDocument, name: string, values: Values) => KeyDocument;

const changes: Readonly<Record<string, { change: Change; done: string; takesLimits: boolean }>> = {
  create: { change: createTeam, done: 'Created', takesLimits: true },
  update: { change: updateTeam, done: 'Updated', takesLimits: true },
  delete: { change: deleteTeam, done: 'Deleted', takesLimits: false },
};

/** `gateway teams …`. Resolves with the exit status: 0 done, 1 could not be done, 2 not understood. */
export async function runTeams(args: string[], io: KeysIo): Promise<number> {
  try {
    await execute(args, io);
    return 0;
  } catch (error) {
    io.stderr.write(`${toldFailure(error)}\n`);
    return error instanceof KeysError ? 2 : 1;
  }
}

async function execute(args: string[], io: KeysIo): Promise<void> {
  const { values, positionals } = parsed(args);
  const { help, ...given } = values;
  const [action = '', ...more] = positionals;
  if (help || action === 'help') {
    io.stdout.write(usage);
    return;
  }
  const row = Object.hasOwn(changes, action) ? changes[action] : undefined;
  if (!row && action !== 'list')
    throw new KeysError(`${action ? `Unknown command: ${action}.` : 'No command given.'}\n\n${usage}`);
  if (more.length > 0) throw new KeysError(`${action} takes options only; the name goes into --name.`);
  const limits = limitNames.filter((name) => given[name] !== undefined);
  if (!row?.takesLimits && limits.length > 0) throw new KeysError(`${action} does not take --${limits[0]}.`);
  const store = chooseStore(given, io.env);
  if (!row) {
    io.stdout.write(listTeams(readDocument(await store.read())));
    return;
  }
  const { name } = given;
  if (!name) throw new KeysError('Give the team a --name.');
  if (action === 'update' && limits.length === 0)
    throw new KeysError('Say what is to change, for example --dollars-per-month 500.');
  await store.change((content) => writeDocument(row.change(readDocument(content), name, given)));
  io.stdout.write(
    `${row.done} ${name} in ${store.name}. Running gateways notice within API_KEY_TTL_SECONDS.\n`,
  );
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        ...limitStrings,
        secret: { type: 'string' },
        file: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new KeysError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
