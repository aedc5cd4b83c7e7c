import type { FallbackSettings } from '../config.ts';

export interface ChainRequest {
  /** The names of the model, as asked and as resolved: any of them may have a chain of its own. */
  names: readonly [asked: string, ...others: string[]];
  /** As the request gave them; an empty list asks for no fallback. */
  requested?: readonly string[];
  settings: FallbackSettings;
}

/** More would cost the client more time than an error. */
export const maxChain = 8;

/**
 * Model names to try, in order, each once, the one asked for first: after it the request's own fallbacks, else
 * the chain of its name, else the default chain. Whether a key may use them is not looked at here. A region is
 * part of a name: `custom:<region>:<model>`.
 */
export function chainFor({ names, requested, settings }: ChainRequest): string[] {
  const own = names.find((name) => Object.hasOwn(settings.models, name));
  const fallbacks = requested ?? (own === undefined ? settings.default : settings.models[own]!);
  const others = [...new Set(fallbacks)].filter((model) => !names.includes(model));
  return [names[0], ...others].slice(0, maxChain);
}
