import { checkedRegion, readArgs, UsageError } from '../commands/command.ts';
import { type ApiName, apiNames, type Client } from './clients/client.ts';
import { apiFor, clients } from './clients/table.ts';
import type { WhichGateway } from './gateway/find.ts';
import { type ShellName, shellNames } from './shells/shell.ts';

/** A name that every account knows: the gateway finds the profile of its own region. */
export const defaultModel = 'claude-sonnet-5-5';

export const usage = `Usage: gateway connect                     the clients it knows
       gateway connect <client> [options]   what that client needs, ready to paste

Which gateway: the deployed one, unless told otherwise
  --local            that of npm start on this machine (PORT, API_KEY as there)
  --url <url>        any other, with --key <key> or the key in BEDROCK_GATEWAY_KEY
  --stack, --region  of the deployed one, if they are not the usual ones
What the client is to use
  --model <name>     DEFAULT_MODEL, or ${defaultModel}
  --api <api>        ${apiNames.join(', ')}; what suits the model, where the client has a choice
What to do
  --write            put it into the client's files, beside what is there
  --remove           take exactly that out again
  --check            make one small streamed call, as the client would
How
  --key-in-env       with --write: no key in any file, the client takes it from its variable
  --show-key         print the key itself, not the command that prints it
  --shell <shell>    ${shellNames.join(', ')}; the one in use`;

export interface ConnectOptions {
  client: Client | undefined;
  which: WhichGateway;
  model: string;
  api: ApiName;
  shell: ShellName | undefined;
  write: boolean;
  remove: boolean;
  check: boolean;
  keyInEnv: boolean;
  showKey: boolean;
  help: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Throws UsageError. */
export function readOptions(args: string[], env: Env): ConnectOptions {
  const { values, positionals } = readArgs(args, {
    url: { type: 'string' },
    key: { type: 'string' },
    local: { type: 'boolean' },
    stack: { type: 'string' },
    region: { type: 'string' },
    model: { type: 'string' },
    api: { type: 'string' },
    shell: { type: 'string' },
    write: { type: 'boolean' },
    remove: { type: 'boolean' },
    check: { type: 'boolean' },
    'key-in-env': { type: 'boolean' },
    'show-key': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`connect takes one client: ${more[0]} is one too many.`);
  const client = name === undefined ? undefined : clientNamed(name);
  const { url, key, local, stack, region } = values;
  const told = [url !== undefined && '--url', local && '--local', stack !== undefined && '--stack'].filter(
    Boolean,
  );
  if (told.length > 1) throw new UsageError(`Give one of ${told.join(' and ')}.`);
  if (values.write && values.remove) throw new UsageError('Give one of --write and --remove.');
  if (!client && args.length > 0 && !values.help) throw new UsageError('For which client?');
  const model = plain('--model', values.model ?? env.DEFAULT_MODEL ?? defaultModel);
  return {
    client,
    which: {
      url,
      key: key === undefined ? undefined : plain('--key', key),
      local,
      stack,
      region: checkedRegion(region),
    },
    model,
    api: chooseApi(client, values.api, model),
    shell: values.shell === undefined ? undefined : oneOf('--shell', values.shell, shellNames),
    write: values.write === true,
    remove: values.remove === true,
    check: values.check === true,
    keyInEnv: values['key-in-env'] === true,
    showKey: values['show-key'] === true,
    help: values.help === true,
  };
}

function clientNamed(name: string): Client {
  const client = clients.find((each) => each.name === name);
  if (client) return client;
  throw new UsageError(
    `${name} is no client that is known. There are ${clients.map((each) => each.name).join(', ')}.`,
  );
}

function chooseApi(client: Client | undefined, asked: string | undefined, model: string): ApiName {
  const api = asked === undefined ? undefined : oneOf('--api', asked, apiNames);
  if (!client) return api ?? 'chat';
  if (api === undefined) return apiFor(client, model);
  if (client.apis.includes(api)) return api;
  throw new UsageError(`${client.title} does not speak ${api}: it takes ${client.apis.join(', ')}.`);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new UsageError(`${option} is ${JSON.stringify(value)}: it must be one of ${allowed.join(', ')}.`);
}

/** What goes into lines of a shell, files and headers: printable, and nothing that would end a text there. */
function plain(option: string, value: string): string {
  const text = value.trim();
  if (/^[\x21-\x7e]{1,2048}$/.test(text) && !/["'`$\\]/.test(text)) return text;
  throw new UsageError(`${option} must be printable ASCII without spaces, quotes, $ and backslashes.`);
}
