import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import {
  type MeteredBackend,
  type MeteredNativeBackend,
  metered,
  meteredNative,
} from './accounting/meter.ts';
import { chatCompletions } from './apis/chat-completions/api.ts';
import { errorFormatFor } from './apis/error-formats.ts';
import type { ResponsesRoutes } from './apis/responses/route.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import { type ServeDeps, serve } from './apis/shared/serve.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticate.ts';
import { type ConverseOptions, createConverseBackend } from './backends/converse.ts';
import { type ClientOptions, createClients } from './bedrock/clients.ts';
import type { NativeApi } from './canonical/native.ts';
import type { Config } from './config.ts';
import type { TokenCounterDeps } from './engine/count-tokens.ts';
import { createEngine } from './engine/engine.ts';
import { isEntryInScope, isInScope } from './engine/in-scope.ts';
import type { BackendKind } from './engine/run.ts';
import { createApp } from './http/app.ts';
import { createPending } from './http/pending.ts';
import { createModelParts } from './model-parts.ts';
import { createLearned } from './models/learned.ts';
import { checkProfileMappings } from './models/profiles/mapping.ts';
import { once } from './once.ts';
import { type Clock, systemClock } from './policy/clock.ts';
import { createCooldown } from './policy/cooldown.ts';
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
  const backends: Record<BackendKind, () => Promise<MeteredBackend>> = {
    converse: once(async () => metered(createConverseBackend(clients, timeouts), clock.now)),
    invoke: once(async () => {
      const { createInvokeBackend } = await import('./backends/invoke/backend.ts');
      return metered(createInvokeBackend(clients, timeouts), clock.now);
    }),
    responses: once(async () => {
      const { createTranslatedBackend } = await import('./backends/responses/translated.ts');
      return metered(createTranslatedBackend(clients, timeouts), clock.now);
    }),
  };
  const nativeBackends: Record<NativeApi, () => Promise<MeteredNativeBackend>> = {
    messages: once(async () => {
      const { createMessagesBackend } = await import('./backends/messages/backend.ts');
      return meteredNative(createMessagesBackend(clients, timeouts), clock.now);
    }),
    responses: once(async () => {
      const { createResponsesBackend } = await import('./backends/responses/backend.ts');
      return meteredNative(createResponsesBackend(clients, timeouts), clock.now);
    }),
  };
  const engine = createEngine({
    config,
    resolver,
    backend: (kind) => backends[kind](),
    nativeBackend: (api) => nativeBackends[api](),
    learned: createLearned({ now: clock.now }),
    cooldown,
    clock,
  });

  const api = new Hono<GatewayEnv>();
  const { strictParameters: strict, reasoningFields } = config;
  const techniqueParts = once(async () => {
    const { createTechniqueParts } = await import('./technique-parts.ts');
    return createTechniqueParts({ config, catalogue, clock, logger });
  });
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
  api.post('/chat/completions', serve(chatCompletions({ strict, reasoningFields }), serving));

  const messages = later(async () => {
    const api = await import('./apis/messages/api.ts');
    return serve(api.messages({ strict }), serving);
  });
  api.post('/messages', messages);
  const responses = once(async () => {
    const { createResponsesRoutes } = await import('./apis/responses/route.ts');
    return createResponsesRoutes({ serving, strict });
  });
  const onResponses = (name: keyof ResponsesRoutes) => async (c: Context<GatewayEnv>) =>
    (await responses())[name](c);
  const stored = onResponses('stored');
  api.post('/responses', onResponses('create'));
  api.get('/responses', onResponses('webSocket'));
  api.post('/responses/compact', onResponses('compact'));
  api.post('/responses/input_tokens', onResponses('inputTokens'));
  api.get('/responses/:id', stored);
  api.delete('/responses/:id', stored);
  api.get('/responses/:id/input_items', stored);
  api.post('/responses/:id/cancel', stored);

  // No chat needs the lists.
  const modelsRoutes = once(async () => {
    const { createModelsRoutes } = await import('./apis/models/route.ts');
    return createModelsRoutes({
      models: await models(),
      isVisible: isEntryInScope,
      isTargetAllowed: isInScope,
    });
  });
  api.get('/models', async (c) => (await modelsRoutes()).list(c));
  // ARNs have slashes; clients send them encoded or not.
  api.get('/models/:id{.+}', async (c) => (await modelsRoutes()).show(c, c.req.param('id')));

  // No chat needs these either.
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
  };
  const routeParts = () => import('./route-parts.ts');
  api.post(
    '/embeddings',
    later(async () => (await routeParts()).createEmbeddingsRoute(parts)),
  );
  api.post(
    '/messages/count_tokens',
    later(async () => (await routeParts()).createCountRoute(parts)),
  );

  const batches = later(async () => (await import('./batch-parts.ts')).createBatchRoutes(parts));
  const collections = ['/files', '/batches', '/messages/batches'];
  const items = collections.map((path) => `${path}/:id`);
  const [file, batch, messageBatch] = items as [string, string, string];
  api.on(['GET', 'POST'], collections, batches);
  api.on('GET', [...items, `${file}/content`, `${messageBatch}/results`], batches);
  api.on('DELETE', [file, messageBatch], batches);
  api.on('POST', [`${batch}/cancel`, `${messageBatch}/cancel`], batches);

  const pending = createPending((error) => logger.error('pending work failed', errorFields(error)));
  const app = createApp({
    config,
    authenticate,
    logger,
    api,
    now: clock.now,
    newRequestId: () => `req_${randomUUID().replaceAll('-', '')}`,
    waitUntil: pending.add,
    errorFormatFor,
  });
  return {
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
