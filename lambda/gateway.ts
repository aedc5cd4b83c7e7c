import { randomUUID } from 'node:crypto';
import { metered } from './accounting/meter.ts';
import type { Trace } from './accounting/trace.ts';
import { errorFormatFor } from './apis/error-formats.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { type ConverseOptions, createConverseBackend } from './backends/converse.ts';
import { type BedrockClients, type ClientOptions, createClients } from './bedrock/clients.ts';
import type { Config } from './config.ts';
import type { TokenCounterDeps } from './engine/count-tokens.ts';
import { createEngine } from './engine/engine.ts';
import type { EngineDeps } from './engine/run.ts';
import type { Engine } from './engine/types.ts';
import { createApp } from './http/app.ts';
import { createPending } from './http/pending.ts';
import { createModelParts } from './model-parts.ts';
import { createLearned } from './models/learned.ts';
import { checkProfileMappings } from './models/profiles/mapping.ts';
import type { Resolver } from './models/resolve/resolve.ts';
import { once } from './once.ts';
import { type Clock, systemClock } from './policy/clock.ts';
import { createCooldown } from './policy/cooldown.ts';
import type { createRecorder, Recorder } from './record-parts.ts';
import { createRoutes } from './routes.ts';
import { createServingParts } from './serving-parts.ts';
import { createLogger, errorFields, type Logger } from './telemetry/logger.ts';

export interface GatewayOptions {
  config: Config;
  logger?: Logger;
  /** Time and chance, for retries and for what is remembered of failures. */
  clock?: Clock;
  /** How long Bedrock may be silent, where that is not to be minutes. */
  timeouts?: ConverseOptions &
    Pick<ClientOptions, 'socketTimeoutMs' | 'connectionTimeoutMs'> &
    Pick<TokenCounterDeps, 'countMs'>;
}

/** A gateway, ready to be run by whatever speaks HTTP. */
export interface Gateway {
  fetch(request: Request, call?: GatewayEnv['Bindings']): Promise<Response>;
  /** For whoever asks in the canonical shape, without HTTP. */
  readonly engine: Engine;
  /** Reads the keys ahead of the first request. Never rejects. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Puts the rooms together. Throws ConfigError for settings that contradict each other. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, logger = createLogger(config.logLevel), clock = systemClock, timeouts } = options;
  checkProfileMappings(config.profileMappings);
  const common = { config, clock, logger };
  const authenticate = createAuthenticator(config, {
    report: (message, { source, error }) =>
      logger.warn(message, { source, ...(error !== undefined && errorFields(error)) }),
  });
  const clients = createClients(timeouts);
  const models = createModelParts(config);
  const engineDeps = engineDepsOf(options, clock, clients, models.resolver);
  const engine = createEngine(engineDeps);
  const serving = createServingParts({ ...models, ...common, engine });
  const { recorder, notice } = lateRecorder({ config, logger, now: clock.now });
  const admin = once(async () =>
    (await import('./admin-parts.ts')).createAdminParts({
      ...common,
      fetch: (...call) => app.fetch(...call),
    }),
  );
  const limitParts = once(async () => (await import('./limit-parts.ts')).createLimitParts(common));
  const pending = createPending((error) => logger.error('pending work failed', errorFields(error)));
  const app = createApp({
    ...common,
    record: async (...request) => (await recorder()).record(...request),
    costs: async () => (await recorder()).costs,
    notice,
    authenticate,
    gateFor: (request, errors) =>
      request.caller.principal.limits || config.usageByDay
        ? limitParts().then((gateOf) => gateOf(request, errors))
        : undefined,
    admin: async (c, next) => (await admin()).page(c, next),
    api: createRoutes({
      ...models,
      ...common,
      clients,
      countMs: timeouts?.countMs,
      engineDeps,
      serving,
      recorder,
      admin,
    }),
    now: clock.now,
    newRequestId: () => `req_${randomUUID().replaceAll('-', '')}`,
    waitUntil: pending.add,
    errorFormatFor,
  });
  return {
    engine,
    fetch: async (request, call = {}) => app.fetch(request, call),
    warm: () => authenticate.warm(),
    close: async () => {
      await pending.settled();
      clients.close();
    },
  };
}

/** Converse is there at once; the other backends are loaded with the first model that needs one. */
function engineDepsOf(
  { config, timeouts }: GatewayOptions,
  clock: Clock,
  clients: BedrockClients,
  resolver: Resolver,
): EngineDeps {
  const { now } = clock;
  const converse = once(async () => metered(createConverseBackend(clients, timeouts), now));
  const others = once(async () =>
    (await import('./backend-parts.ts')).createOtherBackends(clients, timeouts, now),
  );
  return {
    config,
    resolver,
    backend: async (kind) => (kind === 'converse' ? converse() : (await others()).backend(kind)),
    nativeBackend: async (api) => (await others()).native(api),
    learned: createLearned({ now }),
    cooldown: createCooldown({ now }),
    clock,
  };
}

/** No answer waits for its record. What is to be said of a model is said once the recorder is there. */
function lateRecorder(deps: Parameters<typeof createRecorder>[0]) {
  let loaded: Recorder | undefined;
  const recorder = once(async () => {
    const { createRecorder } = await import('./record-parts.ts');
    loaded = createRecorder(deps);
    return loaded;
  });
  return { recorder, notice: (trace: Trace) => loaded?.notice(trace) };
}
