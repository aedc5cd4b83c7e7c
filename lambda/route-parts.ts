import { meteredAssess, meteredCount, meteredEmbed } from './accounting/metered-embed.ts';
import type { BedrockClients } from './bedrock/clients.ts';
import type { Config } from './config.ts';
import { createLearned } from './models/learned.ts';
import { createResolver, type Resolver, type ResolverOptions } from './models/resolve/resolve.ts';
import type { Clock } from './policy/clock.ts';
import type { Cooldown } from './policy/cooldown.ts';

/** What the routes are made of that have an engine of their own. They are put together when they are first asked for. */
export interface RouteParts extends Pick<ResolverOptions, 'catalogue' | 'lookUp'> {
  config: Config;
  resolver: Resolver;
  clients: BedrockClients;
  cooldown: Cooldown;
  clock: Clock;
  /** Milliseconds that Bedrock may take to count; absent: the counter's own. */
  countMs?: number | undefined;
}

/** Embeddings have a default model of their own. */
export async function createEmbeddingsRoute(parts: RouteParts) {
  const [route, { createEmbeddingsEngine }, { createEmbed }, { createAssess }] = await Promise.all([
    import('./apis/embeddings/route.ts'),
    import('./engine/embeddings.ts'),
    import('./backends/embed/embed.ts'),
    import('./backends/guardrail/apply-guardrail.ts'),
  ]);
  const { config, catalogue, lookUp, clients, cooldown, clock } = parts;
  const engine = createEmbeddingsEngine({
    config,
    resolver: createResolver({ config, catalogue, lookUp, defaultFrom: 'DEFAULT_EMBEDDING_MODEL' }),
    embed: meteredEmbed(createEmbed(clients), clock.now),
    assess: meteredAssess(createAssess(clients), clock.now),
    cooldown,
    clock,
  });
  return route.embeddings({ engine, strict: config.strictParameters });
}

/** What cannot be counted is learned apart from what chats are refused. */
export async function createCountRoute({ config, resolver, clients, clock, countMs }: RouteParts) {
  const [route, { createTokenCounter }, { createCountTokens }] = await Promise.all([
    import('./apis/messages/count-route.ts'),
    import('./engine/count-tokens.ts'),
    import('./backends/count-tokens.ts'),
  ]);
  const count = meteredCount(createCountTokens(clients), clock.now);
  const learned = createLearned({ now: clock.now });
  return route.countTokens({
    counter: createTokenCounter({ config, resolver, count, learned, clock, countMs }),
  });
}
