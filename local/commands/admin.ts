import type { DigestedKey } from '../../lambda/auth/digest.ts';
import { parseKeys } from '../../lambda/auth/parse-keys.ts';
import { linkMs, signToken } from '../../lambda/auth/session.ts';
import type { Io } from '../io.ts';
import { KeysError } from '../keys/keys-error.ts';
import { chooseStore } from '../keys/options.ts';
import { exit, readArgs, reporting, UsageError } from './command.ts';

const defaultUrl = 'http://localhost:8080';

const usage = `Usage: gateway admin link [--url <address>] [--name <key>] [--secret <arn> | --file <path>]

Prints an address that signs in to the usage page within the next five minutes, without a key being typed.
  --url   the gateway's address (${defaultUrl}); for a deployment the output GatewayUrl
  --name  the key to sign in as; without it the first one with the right admin

Keys are looked for in the secret or file given, else in that of API_KEY_SECRET_ARN or API_KEY_FILE. Whoever can read
them can make such a link.`;

/** `gateway admin link`. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      url: { type: 'string' },
      name: { type: 'string' },
      secret: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    const [action, ...more] = positionals;
    if (values.help || action === 'help') {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (action !== 'link' || more.length > 0)
      throw new UsageError(
        `gateway admin does one thing: link. It was given: ${positionals.join(' ') || 'nothing'}.`,
      );
    const url = urlOf(values.url ?? defaultUrl);
    const store = storeOf(values, io.env);
    const { keys } = await parseKeys((await store.read()) ?? '{"keys":[]}');
    const key = chosen(keys, values.name, Date.now());
    const token = signToken(key, 'link', Date.now() + linkMs);
    io.stdout.write(`${url}/admin/link?token=${token}\n`);
    return exit.ok;
  });
}

function storeOf(values: { secret?: string; file?: string }, env: Io['env']) {
  try {
    return chooseStore(values, env);
  } catch (error) {
    throw error instanceof KeysError ? new UsageError(error.message) : error;
  }
}

function urlOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `--url must be an address such as https://….lambda-url.us-east-1.on.aws, not ${text}.`,
    );
  return url.origin;
}

function chosen(keys: readonly DigestedKey[], name: string | undefined, now: number): DigestedKey {
  const open = keys.filter(
    ({ revoked, expiresAt }) => !revoked && (expiresAt === undefined || expiresAt > now),
  );
  const found = open.find(({ principal }) =>
    name === undefined ? principal.admin : principal.name === name,
  );
  if (found) return found;
  throw new UsageError(
    name === undefined
      ? 'No key has the right admin: gateway keys create --name <name> --admin makes one.'
      : `There is no key named ${name} that is open.`,
  );
}
