import { type Costs, costsOf } from './accounting/costs.ts';
import { createMetrics } from './accounting/metrics.ts';
import { isModelThere } from './accounting/model-there.ts';
import { type HttpFacts, renderRecord } from './accounting/record.ts';
import type { Trace } from './accounting/trace.ts';
import { type Config, ConfigError } from './config.ts';
import { endingSoon } from './prices/ending.ts';
import type { ListedPrice } from './prices/listed.ts';
import { createPricing, type PriceBook } from './prices/load.ts';
import type { CalledModel } from './prices/types.ts';
import type { Logger } from './telemetry/logger.ts';

export interface Recorder {
  record(trace: Trace, http: HttpFacts): void;
  /** What a request has cost so far. */
  costs(trace: Trace): Costs;
  /** A warning for the client: the model that answers is about to end. */
  notice(trace: Trace): string | undefined;
  /** What lists of models say. `endOfLife`: a day, `2026-11-26`. */
  listed(model: Omit<CalledModel, 'at'>): {
    price: ListedPrice | undefined;
    endOfLife: string | undefined;
  };
}

interface RecorderDeps {
  config: Pick<Config, 'prices' | 'metricsNamespace' | 'metricModels'>;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Renders the record of a request with what it cost. Loaded after the last byte of the first answer, since no answer
 * waits for it but one that is to say what it cost. Where the prices of the settings cannot be used a line of the log
 * says so, once, and records do without.
 */
export function createRecorder({ config, logger, now }: RecorderDeps): Recorder {
  const pricing = usablePricing(config, logger);
  const { metricsNamespace: namespace, metricModels: models } = config;
  const metrics = namespace === undefined ? undefined : createMetrics({ namespace, models });
  return {
    record(trace, http) {
      const record = renderRecord(trace, http, pricing);
      logger.info('request', { ...record });
      trace.gate?.end(record, trace);
      if (!metrics) return;
      const last = trace.allCalls().at(-1);
      const { modelUsed: model = last?.modelId } = record;
      const isModelUnsure = record.modelUsed === undefined && last !== undefined && !isModelThere(last);
      logger.line(metrics({ ...record, model, isModelUnsure }, now()));
    },
    costs: (trace) => (pricing ? costsOf(trace.allCalls(), pricing) : {}),
    notice(trace) {
      const { modelUsed } = trace.allFacts();
      const call = trace.allCalls().findLast(({ modelId }) => modelId === modelUsed);
      return call && endingSoon(call.underlying ?? call.modelId, pricing?.endOfLife(call), now());
    },
    listed: (model) => ({
      price: pricing?.listed({ ...model, at: now() }),
      endOfLife: pricing?.endOfLife(model),
    }),
  };
}

function usablePricing(config: RecorderDeps['config'], logger: Logger): PriceBook | undefined {
  try {
    return createPricing(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    logger.error('The prices of the settings cannot be used.', { reason: error.message });
    return undefined;
  }
}
