import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import type { createAdminParts } from './admin-parts.ts';
import { chatCompletions } from './apis/chat-completions/api.ts';
import type { ResponsesRoutes } from './apis/responses/route.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import { serve, type WithCost } from './apis/shared/serve.ts';
import type { ControlPlane } from './bedrock/control-plane.ts';
import { once } from './once.ts';
import type { Recorder } from './record-parts.ts';
import type { RouteParts } from './route-parts.ts';
import type { Logger } from './telemetry/logger.ts';

/** What the routes are put together from. */
export interface Parts extends Omit<RouteParts, 'prices' | 'responses'> {
  controlPlane: () => Promise<ControlPlane>;
  logger: Logger;
  recorder: () => Promise<Recorder>;
  admin: () => Promise<ReturnType<typeof createAdminParts>>;
}

type Api = Hono<GatewayEnv>;
type Handler = (c: Context<GatewayEnv>) => Promise<Response>;

/**
 * Every path below the base and what answers there. All but chats are put together when they are first asked for: what
 * the first chat loads is paid for at every cold start.
 */
export function createRoutes(parts: Parts): Api {
  const api: Api = new Hono();
  addConversations(api, parts);
  const responses = addResponses(api, parts);
  addOthers(api, { ...parts, responses, prices: async () => (await parts.recorder()).listed });
  addBatches(api, parts);
  const organization: Handler = async (c) => (await parts.admin()).organization(c);
  api.get('/organization/usage/:kind', organization);
  api.get('/organization/costs', organization);
  return api;
}

function addConversations(api: Api, { config, serving, recorder }: Parts): void {
  const { strictParameters: strict, reasoningFields } = config;
  const withCost: WithCost = async (...asked) => {
    const { withCost } = await import('./apis/chat-completions/with-cost.ts');
    return withCost(...asked, async () => (await recorder()).costs);
  };
  api.post(
    '/chat/completions',
    serve(chatCompletions({ strict, reasoningFields }), { ...serving, withCost }),
  );
  const messages = later(async () => {
    const api = await import('./apis/messages/api.ts');
    return serve(api.messages({ strict }), serving);
  });
  api.post('/messages', messages);
}

/** Returns what else is to be known of the API: its counts of tokens read the same requests. */
function addResponses(api: Api, { config, clock, logger, serving }: Parts): () => Promise<ResponsesRoutes> {
  const responses = once(async () =>
    (await import('./responses-parts.ts')).createResponsesParts({ config, clock, logger, serving }),
  );
  const on =
    (name: Exclude<keyof ResponsesRoutes, 'apiOf'>): Handler =>
    async (c) =>
      (await responses())[name](c);
  const stored = on('stored');
  api.post('/responses', on('create'));
  api.get('/responses', on('webSocket'));
  api.post('/responses/compact', on('compact'));
  api.on(['GET', 'DELETE'], '/responses/:id', stored);
  api.get('/responses/:id/input_items', stored);
  api.post('/responses/:id/cancel', stored);
  if (config.storeIn) api.on(['GET', 'POST', 'DELETE'], '/conversations/:id{.+}?', on('conversations'));
  return responses;
}

/** What has an engine of its own, or none. */
function addOthers(api: Api, parts: RouteParts): void {
  const part = (name: keyof typeof import('./route-parts.ts')) =>
    later(async () => (await import('./route-parts.ts'))[name](parts));
  api.post('/messages/count_tokens', part('countTokens'));
  api.post('/responses/input_tokens', part('inputTokens'));
  for (const name of byTheirPaths) api.post(`/${name}`, part(name));
  api.get('/models', part('modelList'));
  // ARNs have slashes; clients send them encoded or not.
  api.get('/models/:id{.+}', part('oneModel'));
}

const byTheirPaths = [
  'completions',
  'embeddings',
  'images/edits',
  'images/generations',
  'moderations',
  'rerank',
] as const;

function addBatches(api: Api, parts: Parts): void {
  const batches = later(async () => (await import('./batch-parts.ts')).createBatchRoutes(parts));
  const collections = ['/files', '/batches', '/messages/batches'];
  const items = collections.map((path) => `${path}/:id`);
  const [file, batch, messageBatch] = items as [string, string, string];
  api.on(['GET', 'POST'], collections, batches);
  api.on('GET', [...items, `${file}/content`, `${messageBatch}/results`], batches);
  api.on('DELETE', [file, messageBatch], batches);
  api.on('POST', [`${batch}/cancel`, `${messageBatch}/cancel`], batches);
}

/** A route that is put together when it is first asked for. */
function later(make: () => Promise<Handler>): Handler {
  const made = once(make);
  return async (c) => (await made())(c);
}
