import type { Context } from 'hono';
import type { GatewayEnv } from '../shared/env.ts';
import { type ServeDeps, serve } from '../shared/serve.ts';
import { compaction } from './compact-api.ts';
import { type ResponsesApiOptions, responses } from './create-api.ts';
import { noSuchResponse, noWebSocket } from './refusals.ts';

/** For who has requests of it answered elsewhere, and loads it as this one. */
export { responses };

export type ResponsesRoutes = ReturnType<typeof createResponsesRoutes>;

/** The routes below /responses. */
export function createResponsesRoutes({ serving, ...options }: ResponsesApiOptions & { serving: ServeDeps }) {
  return {
    create: serve(responses(options), serving),
    compact: serve(compaction(options), serving),
    /** GET /responses, as clients ask for a WebSocket. */
    webSocket(c: Context<GatewayEnv>): never {
      c.header('upgrade', 'HTTP/1.1');
      throw noWebSocket();
    },
    /** Whatever is asked of a stored response: there is none. */
    stored(c: Context<GatewayEnv>): never {
      throw noSuchResponse(c.req.param('id') ?? '');
    },
  };
}
