import { checkFormats } from '../../backends/invoke/choose-format.ts';
import { type Config, ConfigError } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { decodeName, parseName } from '../names/parse.ts';
import { checkProfileMappings } from '../profiles/mapping.ts';
import { findAlias } from './aliases.ts';

type ModelSettings = Pick<
  Config,
  | 'aliases'
  | 'retiredModels'
  | 'profileMappings'
  | 'importedModelFormats'
  | 'defaultModel'
  | 'defaultEmbeddingModel'
>;

/**
 * Refuses settings about models that could never work: names that are wrong in themselves, and aliases,
 * successors or mappings that lead back to where they began. Throws a ConfigError that names the variable and the
 * entry. The CDK app and the local server check all of it at their start. The function checks the mappings alone
 * (`gateway.ts`): the stack has checked the same values, and the rest would read every name in each cold start.
 */
export function checkModelSettings(config: ModelSettings): void {
  const successors = config.retiredModels;
  for (const key of Object.keys(config.aliases)) {
    if (key.slice(0, -1).includes('*'))
      throw new ConfigError(`MODEL_ALIASES: ${quote(key)} has a * before its end`);
    const follow = (name: string) => findAlias(config.aliases, name)?.model;
    if (!key.endsWith('*')) checkChain('MODEL_ALIASES', key, follow);
    checkName('MODEL_ALIASES', findAlias(config.aliases, key)?.model);
  }
  for (const [key, successor] of Object.entries(successors)) {
    checkChain('RETIRED_MODELS', key, (name) =>
      Object.hasOwn(successors, name) ? successors[name] : undefined,
    );
    checkName('RETIRED_MODELS', successor);
  }
  checkName('DEFAULT_MODEL', config.defaultModel);
  checkName('DEFAULT_EMBEDDING_MODEL', config.defaultEmbeddingModel);
  checkProfileMappings(config.profileMappings);
  checkFormats(config.importedModelFormats);
}

const quote = (text: string) => JSON.stringify(text);

/** A pattern may cover its own target (`claude-*` for `claude-next`): the target is then taken literally. */
function checkChain(setting: string, start: string, follow: (name: string) => string | undefined): void {
  const seen = new Set([start]);
  for (let name = follow(start); name !== undefined; name = follow(name)) {
    if (name === start) throw new ConfigError(`${setting}: ${quote(start)} leads back to itself`);
    if (seen.has(name)) return;
    seen.add(name);
  }
}

function checkName(setting: string, name: string | undefined): void {
  if (name === undefined) return;
  try {
    parseName(decodeName(name));
  } catch (error) {
    if (error instanceof GatewayError) throw new ConfigError(`${setting}: ${error.message}`);
    throw error;
  }
}
