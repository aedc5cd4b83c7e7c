import type { ServeDeps } from './apis/shared/serve.ts';
import type { Config } from './config.ts';
import type { Engine } from './engine/types.ts';
import type { Catalogue } from './models/catalogue/catalogue.ts';
import { once } from './once.ts';
import type { Clock } from './policy/clock.ts';
import { type Logger, logUnexpected } from './telemetry/logger.ts';

export interface ServingPartsOptions {
  config: Config;
  engine: Engine;
  catalogue: Catalogue;
  clock: Clock;
  logger: Logger;
}

/** What every API needs to serve a conversation. What few requests ask for is loaded with the first that does. */
export function createServingParts({
  config,
  engine,
  catalogue,
  clock,
  logger,
}: ServingPartsOptions): ServeDeps {
  const techniqueParts = once(async () =>
    (await import('./technique-parts.ts')).createTechniqueParts({ config, catalogue, clock, logger }),
  );
  return {
    engine,
    heartbeatMs: config.heartbeatMs,
    fetchMedia: async (urls, { keyless }, signal) => {
      const { fetchMedia, refuseKeyless, refuseMedia } = await import('./remote-media/fetch-media.ts');
      if (!config.fetchImages) return refuseMedia();
      return keyless ? refuseKeyless() : fetchMedia(urls, signal);
    },
    now: clock.now,
    onUnexpected: (error, requestId) => logUnexpected(logger, error, requestId),
    ...(config.logContent && { contentLog: logger }),
    techniques: {
      aliases: config.aliases,
      read: async (body, caller) => {
        const { readTechniques } = await import('./apis/shared/serve-optimised.ts');
        return readTechniques(body, caller, await techniqueParts());
      },
    },
  };
}
