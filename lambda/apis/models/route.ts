import type { Context } from 'hono';
import type { Principal } from '../../auth/principal.ts';
import { modelNotFound } from '../../errors.ts';
import type { CatalogueEntry } from '../../models/catalogue/entry.ts';
import type { ModelList } from '../../models/catalogue/model-list.ts';
import type { Target } from '../../models/target.ts';
import { isAnthropics } from '../anthropic/asked.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { anthropicModel, anthropicModelList } from './anthropic-models.ts';
import { type ListedPrices, openaiModel, openaiModelList } from './openai-models.ts';
import { selectModel, selectModels } from './select.ts';

export interface ModelsRoutesOptions {
  models: ModelList;
  /** Whether the key may call it: nothing else is shown. */
  isVisible(principal: Principal, entry: CatalogueEntry): boolean;
  /** Whether a key may use what a name leads to. */
  isTargetAllowed(principal: Principal, target: Target): boolean;
  prices: ListedPrices;
}

/** `GET /models` and `GET /models/:id`, in OpenAI's shape, or in Anthropic's for its clients. */
export function createModelsRoutes(options: ModelsRoutesOptions) {
  const { models, isVisible, isTargetAllowed, prices } = options;

  const allowedModels = async (c: Context<GatewayEnv>) => {
    const { principal } = c.get('request').caller;
    return (await models.entries()).filter((entry) => isVisible(principal, entry));
  };
  const isAnthropic = (c: Context<GatewayEnv>) => isAnthropics(c.req.path, c.req.raw.headers);

  return {
    async list(c: Context<GatewayEnv>): Promise<Response> {
      const entries = selectModels(await allowedModels(c), c.req.query());
      const body = isAnthropic(c)
        ? anthropicModelList(entries, c.req.query())
        : openaiModelList(entries, prices);
      return c.json(body, 200, gatewayHeaders({ warnings: [...models.warnings()] }));
    },

    async show(c: Context<GatewayEnv>, id: string): Promise<Response> {
      const { principal } = c.get('request').caller;
      const entry =
        selectModel(await allowedModels(c), id) ??
        (await models.find(id, (target) => isTargetAllowed(principal, target)));
      if (!entry) throw modelNotFound(id, 'GET /v1/models lists the models there are.');
      return c.json(isAnthropic(c) ? anthropicModel(entry) : openaiModel(entry, prices));
    },
  };
}
