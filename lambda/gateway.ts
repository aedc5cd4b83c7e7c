import { randomUUID } from 'node:crypto';
import { Hono } from 'hono/tiny';
import {
  type MeteredBackend,
  type MeteredNativeBackend,
  metered,
  meteredNative,
} from './accounting/meter.ts';
import { chatCompletions } from './apis/chat-completions/api.ts';
import { errorFormatFor } from './apis/error-formats.ts';
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
import { createApp } from './http/app.ts';
import { createPending } from './http/pending.ts';
import { createModelParts } from './model-parts.ts';
import { createLearned } from './models/learned.ts';
import { checkProfileMappings } from './models/profiles/mapping.ts';
import { createResolver } from './models/resolve/resolve.ts';
import type { Target } from './models/target.ts';
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
  const { catalogue, lookUp, resolver, models } = createModelParts(config);
  const cooldown = createCooldown({ now: clock.now });
  const backends: Record<Target['backend'], () => Promise<MeteredBackend>> = {
    converse: once(async () => metered(createConverseBackend(clients, timeouts), clock.now)),
    invoke: once(async () => {
      const { createInvokeBackend } = await import('./backends/invoke/backend.ts');
      return metered(createInvokeBackend(clients, timeouts), clock.now);
    }),
  };
  const nativeBackends: Record<NativeApi, () => Promise<MeteredNativeBackend>> = {
    messages: once(async () => {
      const { createMessagesBackend } = await import('./backends/messages/backend.ts');
      return meteredNative(createMessagesBackend(clients, timeouts), clock.now);
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
  const report = (message: string, error: unknown) => logger.error(message, errorFields(error));
  // Both are kept from one request to the next, whoever asks.
  const solver = once(async () => (await import('./sandbox/solver.ts')).loadSolver(report));
  const program = once(async () => (await import('./sandbox/program.ts')).loadProgram(report));
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
      settings: config,
      isListed: async (name, { principal }) => {
        const [{ rows }, { findEntry, findShortName }] = await Promise.all([
          catalogue.load(),
          import('./models/catalogue/find.ts'),
        ]);
        const visible = rows.filter((entry) => isEntryInScope(principal, entry));
        return [findEntry, findShortName].some((find) => find(visible, name).kind !== 'none');
      },
      random: clock.random,
      services: ({ keyless }) => ({
        solver,
        program,
        readPage: async () => {
          const { readPage } = await import('./remote-media/read-page.ts');
          return async (url, signal) =>
            keyless
              ? { refused: 'pages are read only for callers with an API key' }
              : readPage(url, config.readurlsTrustedHosts, signal);
        },
      }),
    },
  };
  api.post('/chat/completions', serve(chatCompletions({ strict, reasoningFields }), serving));

  const messages = once(async () => {
    const api = await import('./apis/messages/api.ts');
    return serve(api.messages({ strict }), serving);
  });
  api.post('/messages', async (c) => (await messages())(c));
  const responsesRoutes = once(async () => {
    const { createResponsesRoutes } = await import('./apis/responses/route.ts');
    return createResponsesRoutes({ serving, strict });
  });
  api.post('/responses', async (c) => (await responsesRoutes()).create(c));
  api.get('/responses', async (c) => (await responsesRoutes()).webSocket(c));
  api.post('/responses/compact', async (c) => (await responsesRoutes()).compact(c));
  api.post('/responses/input_tokens', async (c) => (await responsesRoutes()).inputTokens(c));
  api.get('/responses/:id', async (c) => (await responsesRoutes()).stored(c));
  api.delete('/responses/:id', async (c) => (await responsesRoutes()).stored(c));
  api.get('/responses/:id/input_items', async (c) => (await responsesRoutes()).stored(c));
  api.post('/responses/:id/cancel', async (c) => (await responsesRoutes()).stored(c));

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

  // Embeddings have a default model of their own, and no chat needs any of this.
  const embeddings = once(async () => {
    const [route, { createEmbeddingsEngine }, { createEmbed }, { createAssess }, meter] = await Promise.all([
      import('./apis/embeddings/route.ts'),
      import('./engine/embeddings.ts'),
      import('./backends/embed/embed.ts'),
      import('./backends/guardrail/apply-guardrail.ts'),
      import('./accounting/metered-embed.ts'),
    ]);
    const engine = createEmbeddingsEngine({
      config,
      resolver: createResolver({ config, catalogue, lookUp, defaultFrom: 'DEFAULT_EMBEDDING_MODEL' }),
      embed: meter.meteredEmbed(createEmbed(clients), clock.now),
      assess: meter.meteredAssess(createAssess(clients), clock.now),
      cooldown,
      clock,
    });
    return route.embeddings({ engine, strict });
  });
  api.post('/embeddings', async (c) => (await embeddings())(c));

  const tokenCounts = once(async () => {
    const [route, { createTokenCounter }, { createCountTokens }, meter] = await Promise.all([
      import('./apis/messages/count-route.ts'),
      import('./engine/count-tokens.ts'),
      import('./backends/count-tokens.ts'),
      import('./accounting/metered-embed.ts'),
    ]);
    const count = meter.meteredCount(createCountTokens(clients), clock.now);
    const learned = createLearned({ now: clock.now });
    const { countMs } = timeouts ?? {};
    const counter = createTokenCounter({ config, resolver, count, learned, clock, countMs });
    return route.countTokens({ counter });
  });
  api.post('/messages/count_tokens', async (c) => (await tokenCounts())(c));

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
