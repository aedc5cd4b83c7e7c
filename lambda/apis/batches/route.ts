import type { Context } from 'hono';
import { type BatchState, haveEnded } from '../../batches/stored.ts';
import type { BatchingDeps } from '../batching/deps.ts';
import { openId, ownerOf } from '../batching/ids.ts';
import { noSuchBatch } from '../batching/not-found.ts';
import { numberIn } from '../batching/query.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { createBatch } from './create.ts';
import { openAiBatch } from './render.ts';

/** /batches (https://platform.openai.com/docs/api-reference/batch). */
export function createBatchesRoutes(deps: BatchingDeps) {
  const { batches } = deps;
  const stemOf = (id: string, c: Context<GatewayEnv>): string => {
    const stem = openId(id, ['batch'], c.get('stateKey')())?.stem;
    if (stem === undefined) throw noSuchBatch(id);
    return stem;
  };
  const found = async (c: Context<GatewayEnv>): Promise<BatchState> => {
    const id = c.req.param('id') ?? '';
    const state = await batches.find(ownerOf(c.get('stateKey')()), 'openai', stemOf(id, c));
    if (!state) throw noSuchBatch(id);
    return state;
  };
  return {
    async create(c: Context<GatewayEnv>): Promise<Response> {
      const { owner, batch, told } = await createBatch(c, deps);
      const state = batches.fresh(owner, batch);
      const [job] = batch.jobs;
      return c.json(
        openAiBatch(state, c.get('stateKey')()),
        200,
        gatewayHeaders({ modelId: job?.target.id }, told.lists),
      );
    },
    async list(c: Context<GatewayEnv>): Promise<Response> {
      const key = c.get('stateKey')();
      const after = c.req.query('after');
      const { states, hasMore } = await batches.list(
        ownerOf(key),
        'openai',
        after ? stemOf(after, c) : undefined,
        numberIn(c, 'limit', { most: 100, usual: 20 }),
      );
      const data = states.map((state) => openAiBatch(state, key));
      const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
      return c.json({ object: 'list', data, ...ends, has_more: hasMore });
    },
    async show(c: Context<GatewayEnv>): Promise<Response> {
      return c.json(openAiBatch(await found(c), c.get('stateKey')()));
    },
    /** What has ended stays as it is. */
    async cancel(c: Context<GatewayEnv>): Promise<Response> {
      const state = await found(c);
      const after = haveEnded(state) ? state : await batches.cancel(state);
      return c.json(openAiBatch(after, c.get('stateKey')()));
    },
  };
}
