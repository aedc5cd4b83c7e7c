import type { Context } from 'hono';
import { type BatchState, haveEnded } from '../../batches/stored.ts';
import { GatewayError } from '../../errors.ts';
import type { BatchedApi, BatchingDeps } from '../batching/deps.ts';
import { download, isHead } from '../batching/download.ts';
import { idOf, openId, ownerOf } from '../batching/ids.ts';
import { noSuchBatch } from '../batching/not-found.ts';
import { numberIn } from '../batching/query.ts';
import { badRequest } from '../shared/bad-request.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { createMessageBatch } from './create.ts';
import { messageBatch } from './render.ts';
import { resultLines } from './results.ts';

/** /messages/batches (https://platform.claude.com/docs/en/api/creating-message-batches). `api`: Messages. */
export function createMessageBatchesRoutes(deps: BatchingDeps, api: BatchedApi) {
  const { batches } = deps;
  const stemOf = (id: string, c: Context<GatewayEnv>): string => {
    const stem = openId(id, ['message-batch'], c.get('stateKey')())?.stem;
    if (stem === undefined) throw noSuchBatch(id);
    return stem;
  };
  const found = async (c: Context<GatewayEnv>): Promise<BatchState> => {
    const id = c.req.param('id') ?? '';
    const state = await batches.find(ownerOf(c.get('stateKey')()), 'anthropic', stemOf(id, c));
    if (!state) throw noSuchBatch(id);
    return state;
  };
  const shown = (state: BatchState, c: Context<GatewayEnv>) =>
    messageBatch(state, c.get('stateKey')(), (id) => `${baseOf(c)}/${id}/results`);
  return {
    async create(c: Context<GatewayEnv>): Promise<Response> {
      const { owner, batch, told } = await createMessageBatch(c, deps, api);
      return c.json(shown(batches.fresh(owner, batch), c), 200, gatewayHeaders({}, told.lists));
    },
    async list(c: Context<GatewayEnv>): Promise<Response> {
      const limit = numberIn(c, 'limit', { most: 1000, usual: 20 });
      const before = c.req.query('before_id');
      const after = c.req.query('after_id');
      if (before && after) throw badRequest('before_id: it cannot be used beside after_id', 'before_id');
      const owner = ownerOf(c.get('stateKey')());
      const { states, hasMore } = before
        ? await batches.listBefore(owner, 'anthropic', stemOf(before, c), limit)
        : await batches.list(owner, 'anthropic', after ? stemOf(after, c) : undefined, limit);
      const data = states.map((state) => shown(state, c));
      return c.json({
        data,
        has_more: hasMore,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      });
    },
    async show(c: Context<GatewayEnv>): Promise<Response> {
      return c.json(shown(await found(c), c));
    },
    async cancel(c: Context<GatewayEnv>): Promise<Response> {
      const state = await found(c);
      return c.json(shown(haveEnded(state) ? state : await batches.cancel(state), c));
    },
    async remove(c: Context<GatewayEnv>): Promise<Response> {
      const state = await found(c);
      const id = idOf('message-batch', state.batch.stem, c.get('stateKey')());
      if (!haveEnded(state))
        throw badRequest(
          `Message batch ${id} is still being processed: cancel it, and delete it when it has ended.`,
        );
      await batches.remove(state);
      return c.json({ id, type: 'message_batch_deleted' });
    },
    async results(c: Context<GatewayEnv>): Promise<Response> {
      const state = await found(c);
      if (!haveEnded(state)) throw noResultsYet();
      const context = c.get('request');
      if (!isHead(c)) await batches.meter(state, context);
      context.trace.note({
        api: 'batch_results',
        stream: true,
        modelAsked: state.batch.jobs[0]?.target.asked,
      });
      const { caller, lifetime } = context;
      const asking = { stateKey: c.get('stateKey')(), caller, signal: lifetime.signal };
      return download(c, resultLines(deps, state, api, asking), {
        'content-type': 'application/x-jsonl',
        'x-content-type-options': 'nosniff',
      });
    },
  };
}

/** The address that the client has asked, up to its batches: by whatever base, and by whatever stands in front. */
function baseOf(c: Context<GatewayEnv>): string {
  const url = new URL(c.req.url);
  const host = c.req.header('x-forwarded-host') ?? url.host;
  const protocol = c.req.header('x-forwarded-proto') === 'https' ? 'https:' : url.protocol;
  // As the router has it: however many slashes the client has put between its parts.
  const [path = ''] = /^.*?\/messages\/batches/.exec(c.req.path) ?? [];
  return `${protocol}//${/^[\w.:[\]-]{1,255}$/.test(host) ? host : url.host}${path}`;
}

const noResultsYet = () =>
  new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'batch_not_found',
    message: 'The batch has no results yet: they are there when its processing_status is ended.',
  });
