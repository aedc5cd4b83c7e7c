import { apiTitles, type Client, type Connection, type Places } from '../connect/clients/client.ts';
import { apiFor, clients } from '../connect/clients/table.ts';
import { render } from '../connect/print.ts';
import { shellOf } from '../connect/shells/shell.ts';

/** Where files are in the page: on Linux and macOS, in a home that every shell knows. */
const home = '~';
const env = {};
const places: Places = {
  home,
  folder: '.',
  platform: 'linux',
  env,
  shell: shellOf('bash', { home, platform: 'linux', env }),
};
const model = 'us.anthropic.claude-sonnet-5-5';
const baseUrl = 'https://gateway.example.com/v1';

/** Every client with what `gateway connect` prints for it, by the same code. */
export function clientsPage(): string {
  const rows = clients.map(
    ({ name, title, apis }) =>
      `| [${title}](#${name}) | \`${name}\` | ${apis.map((api) => apiTitles[api]).join(', ')} |`,
  );
  const table = ['| Client | `gateway connect` | Speaks |', '|---|---|---|', ...rows].join('\n');
  return [table, ...clients.map(section)].join('\n\n');
}

function section(client: Client): string {
  const api = apiFor(client, model);
  const connection: Connection = { api, baseUrl, model };
  const shown = render(client, connection, { text: '<key>' }, places);
  const others = client.apis.filter((each) => each !== api).map((each) => `\`--api ${each}\``);
  return [
    `### ${client.name}`,
    `${client.title}, by ${apiTitles[api]}${others.length > 0 ? ` (or ${others.join(', ')})` : ''}. Verified with ${client.verified}.`,
    `\`\`\`text\n${shown.trimEnd()}\n\`\`\``,
  ].join('\n\n');
}
