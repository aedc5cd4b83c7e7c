import type { TechniqueParts } from './apis/shared/serve-optimised.ts';
import type { Config } from './config.ts';
import { isEntryInScope } from './engine/in-scope.ts';
import type { Catalogue } from './models/catalogue/catalogue.ts';
import { findEntry, findShortName } from './models/catalogue/find.ts';
import type { Clock } from './policy/clock.ts';

/** What optimisation techniques need of the other rooms; loaded for the first request that asks for one. */
export function createTechniqueParts({
  config,
  catalogue,
  clock,
}: {
  config: Config;
  catalogue: Pick<Catalogue, 'load'>;
  clock: Pick<Clock, 'random'>;
}): TechniqueParts {
  return {
    settings: config,
    async isListed(name, { principal }) {
      const { rows } = await catalogue.load();
      const visible = rows.filter((entry) => isEntryInScope(principal, entry));
      return [findEntry, findShortName].some((find) => find(visible, name).kind !== 'none');
    },
    random: clock.random,
    services: ({ keyless }) => ({
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
