import { createResponsesRoutes, type ResponsesRoutes } from './apis/responses/route.ts';
import type { ServeDeps } from './apis/shared/serve.ts';
import type { Config } from './config.ts';
import type { Clock } from './policy/clock.ts';
import type { Logger } from './telemetry/logger.ts';

export interface ResponsesPartsOptions {
  config: Config;
  clock: Clock;
  logger: Logger;
  serving: ServeDeps;
}

/** What is below /responses, and /conversations where answers are stored. */
export function createResponsesParts({
  config,
  clock,
  logger,
  serving,
}: ResponsesPartsOptions): ResponsesRoutes {
  const { storeIn, strictParameters: strict } = config;
  const stored = async (name: string) => {
    const { createStoredParts } = await import('./stored-parts.ts');
    return createStoredParts({ config: { ...config, storeIn: name }, clock, logger });
  };
  return createResponsesRoutes({
    serving,
    strict,
    ...(storeIn !== undefined && { stored: () => stored(storeIn) }),
  });
}
