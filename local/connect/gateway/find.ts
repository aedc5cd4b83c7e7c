import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headerKey } from '../../commands/header-key.ts';
import { localKey } from '../../local-key.ts';
import { ownVariable } from '../clients/client.ts';
import { type FoundGateway, GatewayNotFound, type KeySource, toBaseUrl } from './gateway.ts';

export interface WhichGateway {
  url?: string;
  key?: string;
  local?: boolean;
  stack?: string;
  region?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where package.json is, and the key of the local server. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The gateway that is meant: by its address, on this machine, or the deployed one. Throws GatewayNotFound. */
export async function findGateway(which: WhichGateway, env: Env): Promise<FoundGateway> {
  if (which.url !== undefined) {
    const baseUrl = toBaseUrl(which.url);
    return { baseUrl, key: givenKey(which.key) ?? environmentKey(env), about: baseUrl };
  }
  const found = which.local ? await localGateway(env) : await deployed(which);
  return { ...found, key: givenKey(which.key) ?? found.key };
}

const givenKey = (key: string | undefined): KeySource | undefined =>
  key === undefined ? undefined : { read: async () => key, given: key };

function environmentKey(env: Env): KeySource {
  return {
    async read() {
      const key = env[ownVariable];
      if (key) return headerKey(ownVariable, key);
      throw new GatewayNotFound(`The key is not known: give --key, or set ${ownVariable}.`);
    },
  };
}

/** What `npm start` serves on, in an environment like this one. */
async function localGateway(env: Env): Promise<FoundGateway> {
  const baseUrl = `http://localhost:${env.PORT ?? 8080}/v1`;
  const about = `the gateway of npm start on this machine`;
  if (env.API_KEY) {
    const key = headerKey('API_KEY', env.API_KEY);
    const command = { posix: 'printf %s "$API_KEY"', powershell: '$env:API_KEY', cmd: 'echo %API_KEY%' };
    return { baseUrl, about, key: { read: async () => key, command } };
  }
  const path = join(root, '.gateway-key');
  return {
    baseUrl,
    about,
    key: {
      // The same that the server takes, and makes at its first start.
      read: async () => (await localKey(root)).key,
      command: {
        // An apostrophe in the name of a folder would end the quotes.
        posix: `cat '${path.replaceAll("'", `'\\''`)}'`,
        powershell: `Get-Content -Raw '${path.replaceAll("'", "''")}' | ForEach-Object Trim`,
        cmd: `type "${path}"`,
      },
    },
  };
}

async function deployed(which: WhichGateway): Promise<FoundGateway> {
  const { findStack } = await import('./stack.ts');
  return findStack(which);
}
