import { type HttpFacts, renderRecord } from './accounting/record.ts';
import type { Trace } from './accounting/trace.ts';
import { type Config, ConfigError } from './config.ts';
import { createPricing, type PriceBook } from './prices/load.ts';
import type { Logger } from './telemetry/logger.ts';

export type Recorder = (trace: Trace, http: HttpFacts) => void;

/**
 * Renders the record of a request with what it cost. Loaded after the last byte of the first answer, since no answer
 * waits for it. Where the prices of the settings cannot be used a line of the log says so, once, and records do without.
 */
export function createRecorder({ config, logger }: { config: Config; logger: Logger }): Recorder {
  const pricing = usablePricing(config, logger);
  return (trace, http) => {
    const record = renderRecord(trace, http, pricing);
    logger.info('request', { ...record });
    trace.gate?.end(record, trace);
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
