import type { FallbackSettings } from '../config.ts';

export interface ChainRequest {
  /** The names of the model, as asked and as resolved: any of them may have a chain of its own. */
  names: readonly [asked: string, ...others: string[]];
  /** As the request gave them; an empty list asks for no fallback. */
  requested?: readonly string[];
  settings: FallbackSettings;
  /** Whether the key may use a model of this name. */
  allowed: (model: string) => boolean;
}

export interface Chain {
  /** Model names, each once, the one asked for first. A region is part of a name: `custom:<region>:<model>`. */
  models: string[];
  /** Of the request's own: not for this key. */
  refused: string[];
}

/** More would cost the client more time than an error. */
export const maxChain = 8;

/**
 * What to try, in order: after the model itself the request's own fallbacks, else the chain of its name, else
 * the default chain. A setting's models are within the operator's word but not within every key's scope.
 */
export function chainFor({ names, requested, settings, allowed }: ChainRequest): Chain {
  const own = names.find((name) => Object.hasOwn(settings.models, name));
  const fallbacks = requested ?? (own === undefined ? settings.default : settings.models[own]!);
  const others = [...new Set(fallbacks)].filter((model) => !names.includes(model));
  return {
    models: [names[0], ...others.filter(allowed)].slice(0, maxChain),
    refused: requested ? others.filter((model) => !allowed(model)) : [],
  };
}
