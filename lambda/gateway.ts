import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { metered } from './accounting/meter.ts';
import { chatCompletions } from './apis/chat-completions/api.ts';
import { errorFormatFor } from './apis/error-formats.ts';
import type { ResponsesRoutes } from './apis/responses/route.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import { type ServeDeps, serve, type WithCost } from './apis/shared/serve.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticate.ts';
import { type ConverseOptions, createConverseBackend } from './backends/converse.ts';
import { type ClientOptions, createClients } from './bedrock/clients.ts';
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
import { once } from './once.ts';
import { type Clock, systemClock } from './policy/clock.ts';
import { createCooldown } from './policy/cooldown.ts';
import type { Recorder } from './record-parts.ts';
import { createLogger, errorFields, type Logger, logUnexpected } from './telemetry/logger.ts';

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
  const authenticate: Authenticator = createAuthenticator(config, {
    report: (message, { source, error }) =>
      logger.warn(message, { source, ...(error !== undefined && errorFields(error)) }),
  });
  const clients = createClients(timeouts);
  const { catalogue, lookUp, resolver, models, controlPlane } = createModelParts(config);
  const cooldown = createCooldown({ now: clock.now });
  const converse = once(async () => metered(createConverseBackend(clients, timeouts), clock.now));
  const others = once(async () => {
    const { createOtherBackends } = await import('./backend-parts.ts');
    return createOtherBackends(clients, timeouts, clock.now);
  });
  const engineDeps: EngineDeps = {
    config,
    resolver,
    backend: async (kind) => (kind === 'converse' ? converse() : (await others()).backend(kind)),
    nativeBackend: async (api) => (await others()).native(api),
    learned: createLearned({ now: clock.now }),
    cooldown,
    clock,
  };
  const engine = createEngine(engineDeps);

  const api = new Hono<GatewayEnv>();
  const { strictParameters: strict, reasoningFields } = config;
  const techniqueParts = once(async () => {
    const { createTechniqueParts } = await import('./technique-parts.ts');
    return createTechniqueParts({ config, catalogue, clock, logger });
  });
  // No answer waits for its record.
  let loaded: Recorder | undefined;
  const recorder = once(async () => {
    const { createRecorder } = await import('./record-parts.ts');
    loaded = createRecorder({ config, logger, now: clock.now });
    return loaded;
  });
  const costs = async () => (await recorder()).costs;
  const serving: ServeDeps = {
    engine,
    heartbeatMs: config.heartbeatMs,
    fetchMedia: async (urls, { keyless }, signal) => {
      const { fetchMedia, refuseKeyless, refuseMedia } = await import('./remote-media/fetch-media.ts');
      if (!config.fetchImages) return refuseMedia();
      return keyless ? refuseKeyless() : fetchMedia(urls, signal);
    },
    now: clock.now,
    onUnexpected: (error, requestId) => logUnexpected(logger, error, requestId),
    ...(config.logContent && { contentLog: logger }),
    techniques: {
      aliases: config.aliases,
      read: async (body, caller) => {
        const { readTechniques } = await import('./apis/shared/serve-optimised.ts');
        return readTechniques(body, caller, await techniqueParts());
      },
    },
  };
  const withCost: WithCost = async (...asked) => {
    const { withCost } = await import('./apis/chat-completions/with-cost.ts');
    return withCost(...asked, costs);
  };
  const chat = chatCompletions({ strict, reasoningFields });
  api.post('/chat/completions', serve(chat, { ...serving, withCost }));

  const messages = later(async () => {
    const api = await import('./apis/messages/api.ts');
    return serve(api.messages({ strict }), serving);
  });
  api.post('/messages', messages);
  const responses = once(async () => {
    const { createResponsesParts } = await import('./responses-parts.ts');
    return createResponsesParts({ config, clock, logger, serving });
  });
  const onResponses = (name: Exclude<keyof ResponsesRoutes, 'apiOf'>) => async (c: Context<GatewayEnv>) =>
    (await responses())[name](c);
  const stored = onResponses('stored');
  api.post('/responses', onResponses('create'));
  api.get('/responses', onResponses('webSocket'));
  api.post('/responses/compact', onResponses('compact'));
  api.on(['GET', 'DELETE'], '/responses/:id', stored);
  api.get('/responses/:id/input_items', stored);
  api.post('/responses/:id/cancel', stored);
  if (config.storeIn)
    api.on(['GET', 'POST', 'DELETE'], '/conversations/:id{.+}?', onResponses('conversations'));

  // No chat needs these: each is put together when it is first asked for.
  const parts = {
    config,
    catalogue,
    controlPlane,
    lookUp,
    resolver,
    clients,
    cooldown,
    clock,
    countMs: timeouts?.countMs,
    serving,
    models,
    prices: async () => (await recorder()).listed,
    engineDeps,
    responses,
  };
  const part = (name: keyof typeof import('./route-parts.ts')) =>
    later(async () => (await import('./route-parts.ts'))[name](parts));
  api.post('/messages/count_tokens', part('countTokens'));
  api.post('/responses/input_tokens', part('inputTokens'));
  const ownEngines = [
    'completions',
    'embeddings',
    'images/edits',
    'images/generations',
    'moderations',
    'rerank',
  ] as const;
  for (const name of ownEngines) api.post(`/${name}`, part(name));
  api.get('/models', part('modelList'));
  const admin = once(async () => {
    const { createAdminParts } = await import('./admin-parts.ts');
    return createAdminParts({ ...parts, logger, fetch: (...call) => app.fetch(...call) });
  });
  const organization = async (c: Context<GatewayEnv>) => (await admin()).organization(c);
  api.get('/organization/usage/:kind', organization);
  api.get('/organization/costs', organization);
  // ARNs have slashes; clients send them encoded or not.
  api.get('/models/:id{.+}', part('oneModel'));

  const batches = later(async () => (await import('./batch-parts.ts')).createBatchRoutes(parts));
  const collections = ['/files', '/batches', '/messages/batches'];
  const items = collections.map((path) => `${path}/:id`);
  const [file, batch, messageBatch] = items as [string, string, string];
  api.on(['GET', 'POST'], collections, batches);
  api.on('GET', [...items, `${file}/content`, `${messageBatch}/results`], batches);
  api.on('DELETE', [file, messageBatch], batches);
  api.on('POST', [`${batch}/cancel`, `${messageBatch}/cancel`], batches);

  const pending = createPending((error) => logger.error('pending work failed', errorFields(error)));
  const limitParts = once(async () => {
    const { createLimitParts } = await import('./limit-parts.ts');
    return createLimitParts({ config, clock, logger });
  });
  const app = createApp({
    config,
    record: async (...request) => (await recorder()).record(...request),
    costs,
    notice: (trace) => loaded?.notice(trace),
    authenticate,
    gateFor: (request, errors) =>
      request.caller.principal.limits || config.usageByDay
        ? limitParts().then((gateOf) => gateOf(request, errors))
        : undefined,
    logger,
    admin: async (c, next) => (await admin()).page(c, next),
    api,
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

type Handler = (c: Context<GatewayEnv>) => Promise<Response>;

/** A route that is put together when it is first asked for. */
function later(make: () => Promise<Handler>): Handler {
  const made = once(make);
  return async (c) => (await made())(c);
}
