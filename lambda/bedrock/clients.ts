import { createHash } from 'node:crypto';
import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isRegion } from '../aws/regions.ts';
import type { AssumedRole, CallerCredentials } from '../backends/backend.ts';
import { badRequest } from '../errors.ts';
import { once } from '../once.ts';
import { keptConnections } from './kept-connections.ts';
import { WireProtocol } from './operations.ts';
import { bedrockToken, signInWith } from './sign-in.ts';

/** Clients of Bedrock's runtime, one for each region and each caller's own credentials, on one set of sockets. */
export interface BedrockClients {
  /** Throws GatewayError (400) for what is not a region's name. */
  client(region: string, credentials?: CallerCredentials): BedrockRuntimeClient;
  /** Credentials of a role that the gateway's own may assume. Rejects with GatewayError (503). */
  assume(role: AssumedRole, region: string): Promise<CallerCredentials>;
  /** Its sockets, for endpoints that the runtime's client does not know. */
  handler: NodeHttpHandler;
  /** Ends every connection. */
  close(): void;
}

export interface ClientOptions {
  /** The gateway's own credentials; default: the SDK's chain. */
  credentials?: BedrockRuntimeClientConfig['credentials'];
  /** Instead of the region's endpoint; default: what the SDK reads from the environment. */
  endpoint?: string;
  /** Milliseconds without a byte, see `socketTimeoutMs`. */
  socketTimeoutMs?: number;
  connectionTimeoutMs?: number;
  /** Clients kept at most. */
  maxClients?: number;
  /** Milliseconds after which a caller's credentials that are not used are forgotten. */
  idleMs?: number;
  now?: () => number;
}

/**
 * An answer that is not streamed comes all at once, after minutes of silence; no Lambda function waits longer
 * than 15 minutes for it. Streams have a shorter measure of their own (`backends/stream/limits.ts`).
 */
const socketTimeoutMs = 900_000;
/** Within AWS a connection takes milliseconds; what takes seconds is better tried anew. */
const connectionTimeoutMs = 3000;
/** The SDK's 50 would let the 51st stream wait for another to end. */
const maxSockets = 1000;

interface Entry {
  client: BedrockRuntimeClient;
  /** Of a caller: dropped when idle. */
  caller: boolean;
  lastUsed: number;
}

export function createClients(options: ClientOptions = {}): BedrockClients {
  const { maxClients = 100, idleMs = 600_000, now = Date.now } = options;
  const handler = createHandler(options);
  /** In the order of their last use. */
  const entries = new Map<string, Entry>();
  let sweeper: NodeJS.Timeout | undefined;

  function sweep(): void {
    let callers = 0;
    for (const [key, entry] of entries) {
      if (!entry.caller) continue;
      if (now() - entry.lastUsed >= idleMs) entries.delete(key);
      else callers += 1;
    }
    if (callers > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  }

  function add(key: string, entry: Entry): void {
    entries.set(key, entry);
    // Only the entry goes: its calls under way end as they would, and the sockets belong to all clients.
    if (entries.size > maxClients) entries.delete(entries.keys().next().value!);
    if (entry.caller) sweeper ??= setInterval(sweep, idleMs).unref();
  }

  const roles = once(async () => (await import('./assumed-roles.ts')).createAssumedRoles({ now }));
  return {
    handler,
    assume: async (role, region) => (await roles())(role, region),
    client(region, credentials) {
      const key = keyOf(region, credentials);
      const known = entries.get(key);
      if (known) entries.delete(key);
      const client = known?.client ?? createClient(region, handler, options, credentials);
      add(key, { client, caller: credentials !== undefined, lastUsed: now() });
      return client;
    },
    close() {
      clearInterval(sweeper);
      entries.clear();
      handler.destroy();
    },
  };
}

function keyOf(region: string, credentials: CallerCredentials | undefined): string {
  if (!credentials) return region;
  return `${region} ${createHash('sha256').update(JSON.stringify(credentials)).digest('base64')}`;
}

/** HTTP/1.1: the SDK's default opens a new HTTP/2 connection for each request. */
function createHandler(options: ClientOptions): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets, noDelay: true };
  return keptConnections(
    new NodeHttpHandler({
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: options.connectionTimeoutMs ?? connectionTimeoutMs,
      socketTimeout: options.socketTimeoutMs ?? socketTimeoutMs,
    }),
  );
}

function createClient(
  region: string,
  requestHandler: NodeHttpHandler,
  options: ClientOptions,
  credentials: CallerCredentials | undefined,
): BedrockRuntimeClient {
  // A region becomes part of a host name, and callers may name one.
  if (!isRegion(region)) throw badRequest(`\`${region}\` is not an AWS region such as us-east-1.`);
  const own = credentials ?? options.credentials;
  const client: BedrockRuntimeClient = new BedrockRuntimeClient({
    region,
    requestHandler,
    credentials: own,
    ...(options.endpoint && { endpoint: options.endpoint }),
    // Its type asks for the SDK's own base class.
    protocol: WireProtocol as unknown as BedrockRuntimeClientConfig['protocol'],
    // Retries are the policy's, which knows the deadline and the other regions and models.
    maxAttempts: 1,
    retryMode: 'standard',
    token: bedrockToken,
    authSchemePreference: own ? ['sigv4'] : async () => [await signIn()],
    customUserAgent: 'bedrock-gateway',
  });
  const signIn = signInWith(() => client.config.credentials());
  return client;
}
