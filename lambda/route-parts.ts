import type { Context } from 'hono';
import {
  meteredAssess,
  meteredCount,
  meteredDraw,
  meteredEmbed,
  meteredModerate,
  meteredRank,
} from './accounting/metered-embed.ts';
import type { ModelsRoutesOptions } from './apis/models/route.ts';
import type { ResponsesRoutes } from './apis/responses/route.ts';
import { readBody } from './apis/shared/body.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import type { ServeDeps } from './apis/shared/serve.ts';
import type { BedrockClients } from './bedrock/clients.ts';
import type { Config } from './config.ts';
import type { TokenCounter } from './engine/count-tokens.ts';
import { isEntryInScope } from './engine/entry-in-scope.ts';
import { isInScope } from './engine/in-scope.ts';
import type { EngineDeps } from './engine/run.ts';
import type { ModelList } from './models/catalogue/model-list.ts';
import { createLearned } from './models/learned.ts';
import { createResolver, type Resolver, type ResolverOptions } from './models/resolve/resolve.ts';
import type { Clock } from './policy/clock.ts';

/** What the routes are made of that have an engine of their own. They are put together when they are first asked for. */
export interface RouteParts extends Pick<ResolverOptions, 'catalogue' | 'lookUp'> {
  config: Config;
  resolver: Resolver;
  clients: BedrockClients;
  clock: Clock;
  /** How a conversation is served. */
  serving: ServeDeps;
  /** What conversations' own engine is made of. */
  engineDeps: EngineDeps;
  models: () => Promise<ModelList>;
  /** What lists say of prices. */
  prices: () => Promise<ModelsRoutesOptions['prices']>;
  responses: () => Promise<ResponsesRoutes>;
  /** Milliseconds that Bedrock may take to count; absent: the counter's own. */
  countMs?: number | undefined;
}

type Route = (c: Context<GatewayEnv>) => Promise<Response>;

async function modelsRoutes({ models, prices }: RouteParts) {
  const { createModelsRoutes } = await import('./apis/models/route.ts');
  return createModelsRoutes({
    models: await models(),
    isVisible: isEntryInScope,
    isTargetAllowed: isInScope,
    prices: await prices(),
  });
}

export async function modelList(parts: RouteParts): Promise<Route> {
  return (await modelsRoutes(parts)).list;
}

export async function oneModel(parts: RouteParts): Promise<Route> {
  const { show } = await modelsRoutes(parts);
  return (c) => show(c, c.req.param('id') ?? '');
}

/** Embeddings have a default model of their own. */
export async function embeddings(parts: RouteParts): Promise<Route> {
  const [route, { createEmbeddingsEngine }, { createEmbed }, { createAssess }] = await Promise.all([
    import('./apis/embeddings/route.ts'),
    import('./engine/embeddings.ts'),
    import('./backends/embed/embed.ts'),
    import('./backends/guardrail/apply-guardrail.ts'),
  ]);
  const { config, catalogue, lookUp, clients, engineDeps, clock, serving } = parts;
  const { cooldown } = engineDeps;
  const engine = createEmbeddingsEngine({
    config,
    resolver: createResolver({ config, catalogue, lookUp, defaultFrom: 'DEFAULT_EMBEDDING_MODEL' }),
    embed: meteredEmbed(createEmbed(clients), clock.now),
    assess: meteredAssess(createAssess(clients), clock.now),
    cooldown,
    clock,
  });
  return route.embeddings({
    engine,
    fetchMedia: serving.fetchMedia,
    strict: config.strictParameters,
  });
}

/** Counts of tokens, for Anthropic's clients. */
export async function countTokens(parts: RouteParts): Promise<Route> {
  const [{ countTokens }, counter] = await Promise.all([
    import('./apis/messages/count-route.ts'),
    counterFor(parts),
  ]);
  return countTokens({ counter, techniques: parts.serving.techniques });
}

/** The same for clients of Responses. */
export async function inputTokens(parts: RouteParts): Promise<Route> {
  const [{ inputTokens }, counter, { apiOf }] = await Promise.all([
    import('./apis/responses/count-route.ts'),
    counterFor(parts),
    parts.responses(),
  ]);
  return inputTokens({ counter, techniques: parts.serving.techniques, apiOf });
}

/** What cannot be counted is learned apart from what chats are refused, and by each route for itself. */
async function counterFor({ config, resolver, clients, clock, countMs }: RouteParts): Promise<TokenCounter> {
  const [{ createTokenCounter }, { createCountTokens }] = await Promise.all([
    import('./engine/count-tokens.ts'),
    import('./backends/count-tokens.ts'),
  ]);
  const count = meteredCount(createCountTokens(clients), clock.now);
  const learned = createLearned({ now: clock.now });
  return createTokenCounter({ config, resolver, count, learned, clock, countMs });
}

/**
 * Legacy completions. An imported model gets a bare prompt as it is; one with a suffix is an instruction, and goes the
 * way of conversations.
 */
export async function completions({ config, engineDeps, serving, clock }: RouteParts): Promise<Route> {
  const [{ completions }, { serve }, { createEngine }, { withRawPrompts }] = await Promise.all([
    import('./apis/completions/api.ts'),
    import('./apis/shared/serve.ts'),
    import('./engine/engine.ts'),
    import('./models/resolve/raw-prompts.ts'),
  ]);
  const engine = createEngine({
    ...engineDeps,
    resolver: withRawPrompts(engineDeps.resolver),
    learned: createLearned({ now: clock.now }),
  });
  const api = completions({ strict: config.strictParameters });
  const [raw, instructed] = [serve(api, { ...serving, engine }), serve(api, serving)];
  return async (c) => ((await readBody(c)).suffix ? instructed(c) : raw(c));
}

export async function moderations({ config, clients, clock, serving }: RouteParts): Promise<Route> {
  const [route, { createModerationsEngine }, { createModerate }] = await Promise.all([
    import('./apis/moderations/route.ts'),
    import('./engine/moderations.ts'),
    import('./backends/guardrail/moderate.ts'),
  ]);
  const moderate = meteredModerate(createModerate(clients), clock.now);
  return route.moderations({
    engine: createModerationsEngine({ config, moderate, clock }),
    fetchMedia: serving.fetchMedia,
    strict: config.strictParameters,
  });
}

/** Which of the regions a reranking model is called in follows from where AWS has it. */
export async function rerank({ config, resolver, clients, engineDeps, clock }: RouteParts): Promise<Route> {
  const [route, { createRerankEngine }, { createRankDocuments }, { createAssess }] = await Promise.all([
    import('./apis/rerank/route.ts'),
    import('./engine/rerank.ts'),
    import('./backends/rerank/rank.ts'),
    import('./backends/guardrail/apply-guardrail.ts'),
  ]);
  const engine = createRerankEngine({
    config,
    resolver,
    rank: meteredRank(createRankDocuments(clients), clock.now),
    assess: meteredAssess(createAssess(clients), clock.now),
    cooldown: engineDeps.cooldown,
    clock,
  });
  return route.rerank({ engine, strict: config.strictParameters });
}

const imageGenerations = (parts: RouteParts): Promise<Route> => imagesRoute(parts, 'generate');
const imageEdits = (parts: RouteParts): Promise<Route> => imagesRoute(parts, 'edit');

/** By the paths that they are served at. */
export { imageEdits as 'images/edits', imageGenerations as 'images/generations' };

async function imagesRoute(
  { config, resolver, clients, engineDeps, clock }: RouteParts,
  task: 'generate' | 'edit',
): Promise<Route> {
  const [route, { createImagesEngine }, { createDraw }, { createAssess }] = await Promise.all([
    import('./apis/images/route.ts'),
    import('./engine/images.ts'),
    import('./backends/images/draw.ts'),
    import('./backends/guardrail/apply-guardrail.ts'),
  ]);
  const engine = createImagesEngine({
    config,
    resolver,
    draw: meteredDraw(createDraw(clients), clock.now),
    assess: meteredAssess(createAssess(clients), clock.now),
    cooldown: engineDeps.cooldown,
    clock,
  });
  return route.images({ engine, strict: config.strictParameters, now: clock.now }, task);
}
