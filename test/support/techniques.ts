import type { TechniqueDeps } from '../../lambda/apis/shared/serve.ts';
import { readTechniques } from '../../lambda/apis/shared/serve-optimised.ts';
import { readConfig } from '../../lambda/config.ts';

/** What serving needs of optimisation techniques; they are on where `env` says so. */
export function techniqueDeps(env: Record<string, string> = {}): TechniqueDeps {
  const settings = readConfig(env);
  const parts = { settings, isListed: async () => false, random: () => 0, services: () => ({}) };
  return { aliases: settings.aliases, read: (body, caller) => readTechniques(body, caller, parts) };
}
