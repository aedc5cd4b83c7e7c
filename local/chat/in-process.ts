import { randomUUID } from 'node:crypto';
import { addTokens, noTokens } from '../../lambda/accounting/tokens.ts';
import { Trace } from '../../lambda/accounting/trace.ts';
import { CallBudget } from '../../lambda/bounds.ts';
import { type Config, readConfig } from '../../lambda/config.ts';
import type { RequestContext } from '../../lambda/engine/types.ts';
import { toGatewayError } from '../../lambda/errors.ts';
import { createGateway, type GatewayOptions } from '../../lambda/gateway.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import { once } from '../../lambda/once.ts';
import { settlesWithin } from '../../lambda/settles-within.ts';
import { createLogger } from '../../lambda/telemetry/logger.ts';
import { createParts } from '../commands/command.ts';
import { toCanonical } from './canonical.ts';
import type { Connection, Question, Reply, Spent } from './connection.ts';
import { each } from './each.ts';
import { costOf, loadPrices, type Prices } from './prices.ts';
import { inOptions, spellOption } from './spelling.ts';

type Env = Record<string, string | undefined>;

export interface InProcessOptions {
  env: Env;
  /** Wins over what the environment says. */
  region?: string | undefined;
  name: 'Amazon Bedrock' | 'the simulator';
  /** For tests. */
  prices?: Prices;
  gateway?: Pick<GatewayOptions, 'clock' | 'timeouts'>;
}

/** Milliseconds for an answer that was left to say what it has spent. */
const settleMs = 2000;

/**
 * The gateway's own engine in this process: names, fitting, retries, regions and fallbacks are those of a deployed one.
 * No server, and no key but what AWS wants. Throws ConfigError.
 */
export function connectInProcess({ env, region, name, prices, gateway }: InProcessOptions): Connection {
  const own: Env = {
    ...env,
    ...(region !== undefined && { AWS_REGION: region, GATEWAY_REGIONS: region }),
    // The gateway has an entrance that nobody comes through here.
    API_KEY: randomUUID(),
    API_KEY_SECRET_ARN: undefined,
    API_KEY_FILE: undefined,
    LOG_LEVEL: 'silent',
  };
  const config = readConfig(own);
  checkModelSettings(config);
  const running = createGateway({ config, logger: createLogger('silent'), ...gateway });
  const parts = once(() => createParts(own));
  const priced = prices ? Promise.resolve(prices) : loadPrices(own);
  return {
    name: `${name}, ${config.regions.join(', ')}`,
    async ask(question, signal) {
      const trace = new Trace();
      try {
        return await begin({ running, config, question, trace, signal, prices: await priced });
      } catch (error) {
        throw toGatewayError(error).spelled(spellOption);
      }
    },
    async models() {
      const entries = await (await parts().models()).entries();
      return entries.filter(({ notListed }) => !notListed).map(({ id }) => id);
    },
    close: () => running.close(),
  };
}

interface Asking {
  running: ReturnType<typeof createGateway>;
  config: Config;
  question: Question;
  trace: Trace;
  signal: AbortSignal;
  prices: Prices | undefined;
}

async function begin({ running, config, question, trace, signal, prices }: Asking): Promise<Reply> {
  const { engine } = running;
  const context: RequestContext = {
    requestId: `chat_${randomUUID()}`,
    caller: { principal: { name: 'terminal' } },
    lifetime: { signal, deadline: Date.now() + config.requestTimeoutMs, waitUntil: () => {} },
    trace,
    calls: new CallBudget(),
  };
  const { model, settings } = question;
  const plan = await engine.permit({ model, fallbacks: settings.fallbacks }, context);
  const canonical = toCanonical(question);
  const { events, ...outcome } = await engine.stream({ canonical: () => canonical }, plan, context);
  if (!events) throw new Error('unreachable: what has no native form is answered in the canonical one');
  const { region } = trace.allFacts();
  return {
    model: outcome.model,
    modelId: outcome.modelId,
    ...(region !== undefined && { region }),
    steps: outcome.steps,
    warnings: [...new Set(outcome.warnings.map(inOptions))],
    ignored: [...new Set(outcome.ignored.map(inOptions))],
    events: each(events),
    spent: () => spentOn(trace, prices),
  };
}

async function spentOn(trace: Trace, prices: Prices | undefined): Promise<Spent> {
  await settlesWithin(settleMs, trace.settled());
  const calls = trace.allCalls();
  const counted = calls.flatMap(({ tokens }) => tokens ?? []);
  return {
    tokens: counted.length > 0 ? counted.reduce(addTokens, noTokens) : undefined,
    estimated: calls.some(({ estimated }) => estimated !== undefined),
    cost: costOf(calls, prices),
  };
}
