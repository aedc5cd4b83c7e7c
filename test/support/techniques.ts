import type { TechniqueDeps } from '../../lambda/apis/shared/serve.ts';
import { readConfig } from '../../lambda/config.ts';

/** What serving needs of optimisation techniques; on where `env` says so. */
export const techniqueDeps = (env: Record<string, string> = {}): TechniqueDeps => ({
  settings: readConfig(env),
  isListed: async () => false,
  random: () => 0,
  services: () => ({}),
});
