import type { Client, Connection, FileNeed, Need, Places, Variable } from './clients/client.ts';
import { theKey } from './clients/client.ts';
import { edited } from './files/format.ts';
import { formatOf } from './files/formats.ts';
import type { KeySource } from './gateway/gateway.ts';

/** How the key appears in what is printed: as it is, or by the command that prints it. */
export type ShownKey = { text: string } | Pick<KeySource, 'command'>;

/** What a client needs, ready to paste. */
export function render(client: Client, connection: Connection, key: ShownKey, places: Places): string {
  const need = client.need(connection, { in: 'environment' }, places);
  const parts = need.insteadOfFiles
    ? [variables(need.insteadOfFiles, key, places)]
    : [...filesOf(need, client, places), variables(need.variables ?? [], key, places)];
  return [
    ...parts,
    commands(need, client, places),
    ...(need.code ?? []).map(({ text }) => text),
    `Then: ${client.start}`,
    ...(need.notes ?? []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** The files, each with its place. Where commands of the client's own do the same, those alone. */
function filesOf(need: Need, { keyMayStayOut }: Client, places: Places): string[] {
  const byCommand = !keyMayStayOut && need.files?.length === 0;
  return byCommand
    ? []
    : (need.files ?? []).map((file) => `In ${file.paths[0]}:\n\n${contentOf(file, places)}`);
}

/** A file with nothing in it but what is needed. */
export function contentOf({ format, entries }: FileNeed, places: Places): string {
  const by = formatOf(format, places);
  return entries.reduce((text, { at, value }) => edited(by, text, at, value), '').trimEnd();
}

/** Lines for the shell. */
export function variables(list: readonly Variable[], key: ShownKey, places: Places): string {
  return list
    .map(({ name, value }) => (value === theKey ? keyLine(name, key, places) : places.shell.set(name, value)))
    .join('\n');
}

function keyLine(name: string, key: ShownKey, { shell }: Places): string {
  if ('text' in key) return shell.set(name, key.text);
  const { name: kind } = shell;
  const command = key.command?.[kind === 'powershell' || kind === 'cmd' ? kind : 'posix'];
  return command ? shell.setFrom(name, command) : shell.set(name, '<the key of the gateway>');
}

function commands({ commands: list = [] }: Need, { keyVariable }: Client, { shell }: Places): string {
  return list
    .map((words) =>
      words.map((word) => (word === theKey ? shell.variable(keyVariable) : shell.quote(word))).join(' '),
    )
    .join('\n');
}
