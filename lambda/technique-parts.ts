import type { TechniqueParts } from './apis/shared/serve-optimised.ts';
import type { Config } from './config.ts';
import { isEntryInScope } from './engine/entry-in-scope.ts';
import type { Catalogue } from './models/catalogue/catalogue.ts';
import { findEntry, findShortName } from './models/catalogue/find.ts';
import { once } from './once.ts';
import type { Clock } from './policy/clock.ts';
import { errorFields, type Logger } from './telemetry/logger.ts';

/** What optimisation techniques need of the other rooms; loaded for the first request that asks for one, and kept. */
export function createTechniqueParts({
  config,
  catalogue,
  clock,
  logger,
}: {
  config: Config;
  catalogue: Pick<Catalogue, 'load'>;
  clock: Pick<Clock, 'random'>;
  logger: Logger;
}): TechniqueParts {
  const report = (message: string, error: unknown) => logger.error(message, errorFields(error));
  // All are kept from one request to the next, whoever asks.
  const solver = once(async () => (await import('./sandbox/solver.ts')).loadSolver(report));
  const program = once(async () => (await import('./sandbox/program.ts')).loadProgram(report));
  const personalData = once(async () => (await import('./personal-data.ts')).createPersonalData(config));
  return {
    settings: config,
    async isListed(name, { principal }) {
      const { rows } = await catalogue.load();
      const visible = rows.filter((entry) => isEntryInScope(principal, entry));
      return [findEntry, findShortName].some((find) => find(visible, name).kind !== 'none');
    },
    random: clock.random,
    services: ({ keyless, credentials }) => ({
      solver,
      program,
      ...(config.privacyDetector !== 'patterns' && {
        personalData: async () => (await personalData())(credentials),
      }),
      readPage: async () => {
        const { readPage } = await import('./remote-media/read-page.ts');
        return async (url, signal) =>
          keyless
            ? { refused: 'pages are read only for callers with an API key' }
            : readPage(url, config.readurlsTrustedHosts, signal);
      },
    }),
  };
}
