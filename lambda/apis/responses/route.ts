import type { Context } from 'hono';
import { once } from '../../once.ts';
import type { ChatApi } from '../api.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { type ServeDeps, serve } from '../shared/serve.ts';
import { compaction } from './compact-api.ts';
import { type ResponsesApiOptions, responses, type ServedResponse } from './create-api.ts';
import { noSuchConversation, noSuchResponse, noWebSocket } from './refusals.ts';
import type { StoredDeps } from './stored/shelf.ts';

/** For who has requests of it answered elsewhere, and loads it as this one. */
export { responses };

export type ResponsesRoutes = ReturnType<typeof createResponsesRoutes>;
type Route = (c: Context<GatewayEnv>) => Promise<Response>;

export interface ResponsesRoutesOptions extends ResponsesApiOptions {
  serving: ServeDeps;
  /** Loads what stores answers; absent: nothing is stored. */
  stored?: (() => Promise<StoredDeps>) | undefined;
}

/** The routes below /responses, and /conversations where answers are stored. */
export function createResponsesRoutes({ serving, stored, ...options }: ResponsesRoutesOptions) {
  const api = responses(options);
  const plain = {
    create: serve(api, serving),
    compact: serve(compaction(api), serving),
    /** Whatever is asked of a stored response: there is none. */
    async stored(c: Context<GatewayEnv>): Promise<never> {
      throw noSuchResponse(c.req.param('id') ?? '');
    },
    async conversations(c: Context<GatewayEnv>): Promise<never> {
      throw noSuchConversation(c.req.param('id') ?? '');
    },
    /** How the request of a caller is read. */
    apiOf: async (_: Context<GatewayEnv>): Promise<ChatApi<ServedResponse>> => api,
  };
  const storing =
    stored &&
    once(async () => {
      const [{ createStoredRoutes }, deps] = await Promise.all([import('./stored/routes.ts'), stored()]);
      return createStoredRoutes({ serving, ...options, ...deps });
    });
  /** Callers who have no shelf are served as if nothing were stored. */
  const routesFor = async (c: Context<GatewayEnv>) => (await storing?.())?.(c) ?? plain;
  const route =
    (name: 'create' | 'compact' | 'stored' | 'conversations'): Route =>
    async (c) =>
      storing ? (await routesFor(c))[name](c) : plain[name](c);
  return {
    create: route('create'),
    compact: route('compact'),
    stored: route('stored'),
    conversations: route('conversations'),
    apiOf: async (c: Context<GatewayEnv>) => (await routesFor(c)).apiOf(c),
    /** GET /responses, as clients ask for a WebSocket. */
    async webSocket(c: Context<GatewayEnv>): Promise<never> {
      c.header('upgrade', 'HTTP/1.1');
      throw noWebSocket();
    },
  };
}
