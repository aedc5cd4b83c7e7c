import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import type { Principal } from '../../auth/principal.ts';
import type { Config } from '../../config.ts';
import { modelNotFound } from '../../errors.ts';
import { withAliases } from '../../models/catalogue/aliases.ts';
import type { CatalogueEntry } from '../../models/catalogue/entry.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { anthropicModel, anthropicModelList } from './anthropic-models.ts';
import { openaiModel, openaiModelList } from './openai-models.ts';
import { selectModel, selectModels } from './select.ts';

export interface ModelsRoutesOptions {
  catalogue: {
    models(): Promise<CatalogueEntry[]>;
    warnings(): readonly string[];
  };
  /** Names that settings give to models: listed as well. */
  aliases: Config['aliases'];
  /** Whether the key may call it: nothing else is shown. */
  isVisible(principal: Principal, entry: CatalogueEntry): boolean;
}

/** `GET /models` and `GET /models/{id}`, in OpenAI's shape, or in Anthropic's where `anthropic-version` is sent. */
export function modelsRoutes({ catalogue, aliases, isVisible }: ModelsRoutesOptions): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  const allowedModels = async (c: Context<GatewayEnv>) => {
    const entries = await catalogue.models();
    const { principal } = c.get('call');
    return withAliases(aliases, entries).filter((entry) => isVisible(principal, entry));
  };
  const isAnthropic = (c: Context<GatewayEnv>) => c.req.header('anthropic-version') !== undefined;

  routes.get('/models', async (c) => {
    const entries = selectModels(await allowedModels(c), c.req.query());
    const body = isAnthropic(c) ? anthropicModelList(entries, c.req.query()) : openaiModelList(entries);
    return c.json(body, 200, gatewayHeaders({ warnings: [...catalogue.warnings()] }));
  });

  // ARNs have slashes; clients send them encoded or not.
  routes.get('/models/:id{.+}', async (c) => {
    const id = c.req.param('id');
    const entry = selectModel(await allowedModels(c), id);
    if (!entry) throw modelNotFound(id, 'GET /v1/models lists the models there are.');
    return c.json(isAnthropic(c) ? anthropicModel(entry) : openaiModel(entry));
  });
  return routes;
}
