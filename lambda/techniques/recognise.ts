import { isObject } from '../canonical/json.ts';
import { mayAskForTechnique } from '../models/names/technique-form.ts';
import { findAlias } from '../models/resolve/aliases.ts';
import type { Aliases } from '../models/resolve/technique-name.ts';

/** Members of a body that ask for a technique or say something about one. */
export const techniqueMembers = [
  'optimisation',
  'optillm_approach',
  'mcts_simulations',
  'mcts_exploration',
  'mcts_depth',
] as const;

/** Aliases of aliases that are looked at. */
const maxAliases = 8;

/**
 * Whether a client's body may ask for a technique: all that runs for the requests that do not. What it asks for, and
 * whether it may, is read in `select.ts`.
 */
export function mayAsk(body: Readonly<Record<string, unknown>>, aliases: Aliases): boolean {
  const { model, extra_body: extra } = body;
  const isSaid = (name: string) => body[name] !== undefined || (isObject(extra) && extra[name] !== undefined);
  if (techniqueMembers.some(isSaid)) return true;
  let name = typeof model === 'string' ? model.trim() : undefined;
  for (let i = 0; i < maxAliases && name !== undefined; i += 1) {
    if (mayAskForTechnique(name)) return true;
    name = findAlias(aliases, name)?.model;
  }
  return false;
}
