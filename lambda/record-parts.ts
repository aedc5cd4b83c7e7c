import { type Costs, costsOf } from './accounting/costs.ts';
import { createMetrics } from './accounting/metrics.ts';
import { type HttpFacts, renderRecord } from './accounting/record.ts';
import type { Trace } from './accounting/trace.ts';
import { type Config, ConfigError } from './config.ts';
import { createPricing, type PriceBook } from './prices/load.ts';
import type { Logger } from './telemetry/logger.ts';

export interface Recorder {
  record(trace: Trace, http: HttpFacts): void;
  /** What a request has cost so far. */
  costs(trace: Trace): Costs;
}

/**
 * Renders the record of a request with what it cost. Loaded after the last byte of the first answer, since no answer
 * waits for it but one that is to say what it cost. Where the prices of the settings cannot be used a line of the log says so, once, and records do without.
 */
export function createRecorder({ config, logger }: { config: Config; logger: Logger }): Recorder {
  const pricing = usablePricing(config, logger);
  const { metricsNamespace: namespace, metricModels: models } = config;
  const metrics = namespace === undefined ? undefined : createMetrics({ namespace, models });
  return {
    record(trace, http) {
      const record = renderRecord(trace, http, pricing);
      logger.info('request', { ...record });
      if (!metrics) return;
      const model = record.modelUsed ?? trace.allCalls().at(-1)?.modelId;
      logger.line(metrics({ ...record, model }, Date.now()));
    },
    costs: (trace) => (pricing ? costsOf(trace.allCalls(), pricing) : {}),
  };
}

function usablePricing(config: Config, logger: Logger): PriceBook | undefined {
  try {
    return createPricing(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    logger.error('The prices of the settings cannot be used.', { reason: error.message });
    return undefined;
  }
}
