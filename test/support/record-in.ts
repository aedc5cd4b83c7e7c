import { renderRecord } from '../../lambda/accounting/record.ts';
import type { CallDeps } from '../../lambda/http/request.ts';
import type { Logger } from '../../lambda/telemetry/logger.ts';

/** Leaves records in a log, without prices. */
export const recordIn =
  (logger: Logger): CallDeps['record'] =>
  async (trace, http) =>
    logger.info('request', { ...renderRecord(trace, http) });
