import { readConfig } from '../../lambda/config.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../lambda/gateway.ts';
import { createLogger } from '../../lambda/telemetry/logger.ts';
import { startServer } from '../../local/server.ts';
import { onBundle } from './in-process-only.ts';
import type { QuickClock } from './quick-clock.ts';

export interface ServeOptions {
  /** The gateway's settings. */
  env: Record<string, string>;
  clock?: QuickClock;
  timeouts?: GatewayOptions['timeouts'];
  /** Called with each line of the gateway's log. */
  log(line: string): void;
}

/** A gateway behind a port of the loopback interface. */
export interface Served {
  /** Without a slash at its end. */
  url: string;
  /** Throws where it is in other processes. */
  gateway(): Gateway;
  processes(): number;
  close(): Promise<void>;
}

export const serve = (options: ServeOptions): Promise<Served> =>
  onBundle ? serveBundle(options) : serveSource(options);

async function serveSource({ env, log, ...options }: ServeOptions): Promise<Served> {
  const config = readConfig(env);
  let isBegun = false;
  const logger = createLogger(config.logLevel, (line) => isBegun && log(line));
  const gateway = createGateway({ config, logger, ...options });
  await loadRecords(gateway);
  isBegun = true;
  const server = await startServer(gateway.fetch, 0);
  return {
    url: server.url.replace('localhost', '127.0.0.1'),
    gateway: () => gateway,
    processes: () => 1,
    async close() {
      await server.close();
      await gateway.close();
    },
  };
}

/**
 * The record of the first request is written when the code for it is loaded; tests read the log as soon as they have an
 * answer.
 */
async function loadRecords(gateway: Gateway): Promise<void> {
  const recorded: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void recorded.push(work);
  await gateway.fetch(new Request('http://gateway/'), { waitUntil });
  await Promise.all(recorded);
}

/** The deployed function, which `test/bundled/set-up.ts` has built. */
async function serveBundle({ env, clock, timeouts, log }: ServeOptions): Promise<Served> {
  if (timeouts) throw new Error('The bundled function has no timeouts of a test: see inProcessOnly.');
  const [{ artifactIn }, { startFront }] = await Promise.all([
    import('../bundled/artifact.ts'),
    import('../bundled/front.ts'),
  ]);
  const artifact = artifactIn(process.env.GATEWAY_ARTIFACT_FOLDER ?? '');
  const ofClock = clock && {
    NODE_OPTIONS: `--import=${artifact.sharedClock}`,
    SHARED_CLOCK: clock.file,
  };
  const errors: string[] = [];
  const front = await startFront({
    artifact,
    // The SDK's variables are read as late as the SDK would read them in this process.
    environment: () => ({ ...awsVariables(), ...env, ...ofClock }),
    timeoutMs: 1000 * Number(env.REQUEST_TIMEOUT_SECONDS ?? 900),
    onLine: (line, from) => (from === 'stdout' ? log(`${line}\n`) : errors.push(line)),
    ...(clock && { now: clock.now }),
  });
  return {
    url: front.url,
    gateway: () => {
      throw new Error('The bundled function is in other processes.');
    },
    processes: front.environments,
    async close() {
      await front.close();
      if (errors.length > 0) throw new Error(`A process of the function wrote: ${errors.join('\n')}`);
    },
  };
}

function awsVariables(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  return Object.fromEntries(entries.map(([name, value = '']) => [name, value]));
}
