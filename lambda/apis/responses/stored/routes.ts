import type { Context } from 'hono';
import type { JsonObject } from '../../../canonical/types.ts';
import type { ChatApi } from '../../api.ts';
import type { GatewayEnv } from '../../shared/env.ts';
import { gatewayHeaders } from '../../shared/gateway-headers.ts';
import { type ServeDeps, serve } from '../../shared/serve.ts';
import { compaction } from '../compact-api.ts';
import type { ResponsesApiOptions, ServedResponse } from '../create-api.ts';
import { conversations } from './conversation-routes.ts';
import { History } from './history.ts';
import { pageOf } from './pages.ts';
import { outputOf, type StoredResponse } from './records.ts';
import { cannotCancel, cannotStream, noResponse } from './refusals.ts';
import type { Shelf, StoredDeps } from './shelf.ts';
import { storedApi } from './stored-api.ts';
import { StoredCall } from './stored-call.ts';
import { unstored } from './stored-encoder.ts';

export interface StoredRoutesDeps extends ResponsesApiOptions, StoredDeps {
  serving: ServeDeps;
}

type Route = (c: Context<GatewayEnv>) => Promise<Response>;

export interface StoredRoutes {
  create: Route;
  compact: Route;
  /** What is asked of a stored response. */
  stored: Route;
  conversations: Route;
  apiOf(c: Context<GatewayEnv>): Promise<ChatApi<ServedResponse>>;
}

/** The routes for a caller; undefined for one who has no shelf. */
export function createStoredRoutes(deps: StoredRoutesDeps) {
  const { serving, shelfOf } = deps;
  return (c: Context<GatewayEnv>): StoredRoutes | undefined => {
    const { caller, requestId } = c.get('request');
    const shelf = shelfOf({
      name: caller.principal.name,
      keyless: caller.keyless === true,
      stateKey: c.get('stateKey')(),
    });
    if (!shelf) return undefined;
    const call = new StoredCall({ shelf, requestId, report: deps.report, now: serving.now });
    const api = storedApi(call, deps);
    return {
      async create() {
        const response = await serve(api, serving)(c);
        const answer = api.answered();
        return answer ? saved(c, response, answer, call) : response;
      },
      compact: serve(
        compaction(api, () => call.said),
        serving,
      ),
      stored: () => stored(c, shelf),
      conversations: () => conversations(c, { ...deps, shelf, now: serving.now }),
      apiOf: async () => api,
    };
  };
}

/** A whole answer, after it has been stored or could not be. */
async function saved(
  c: Context<GatewayEnv>,
  response: Response,
  answer: JsonObject,
  call: StoredCall,
): Promise<Response> {
  const warning = await call.save(answer);
  if (warning === undefined) return response;
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  for (const [name, value] of Object.entries(gatewayHeaders({}, { warnings: [warning] })))
    headers.append(name, value);
  return c.body(JSON.stringify(unstored(answer, warning)), 200, Object.fromEntries(headers));
}

async function stored(c: Context<GatewayEnv>, shelf: Shelf): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const action = c.req.path.split('/').at(-1);
  const history = new History(shelf);
  const record = await history.response(id);
  c.get('request').trace.note({ api: 'responses.stored' });
  if (!record) throw noResponse(id);
  if (c.req.method === 'DELETE') {
    await shelf.clear(id);
    return c.json({ id, object: 'response.deleted', deleted: true });
  }
  if (c.req.method === 'POST') throw cannotCancel();
  if (action === 'input_items')
    return c.json(pageOf(await inputOf(record, history), (name) => c.req.query(name)));
  if (c.req.query('stream') === 'true') throw cannotStream();
  return c.json(record.response);
}

/** All that the model was given: what was said before as well, as far as it is still there. */
async function inputOf(record: StoredResponse, history: History): Promise<JsonObject[]> {
  const before = await history.all(record.chain);
  return [...before.flatMap((each) => [...each.input, ...outputOf(each)]), ...record.input];
}
