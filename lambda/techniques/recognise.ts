import { isObject } from '../canonical/json.ts';
import { decodeName } from '../models/names/parse.ts';
import { type Aliases, techniqueName } from '../models/resolve/technique-name.ts';

/** Members of a body that ask for a technique or say something about one. */
export const techniqueMembers = [
  'optimisation',
  'optillm_approach',
  'mcts_simulations',
  'mcts_exploration',
  'mcts_depth',
] as const;

/**
 * Whether a client's body may ask for a technique: all that runs for the requests that do not. What it asks for, and
 * whether it may, is read in `select.ts`.
 */
export function mayAskForTechnique(body: Readonly<Record<string, unknown>>, aliases: Aliases): boolean {
  const { model, extra_body: extra } = body;
  return (
    techniqueMembers.some(
      (name) => body[name] !== undefined || (isObject(extra) && extra[name] !== undefined),
    ) ||
    (typeof model === 'string' && readTechniqueName(aliases, model) !== undefined)
  );
}

/** A name as the client wrote it. What is wrong with it is said where it is resolved. */
export function readTechniqueName(aliases: Aliases, given: string) {
  let name: string;
  try {
    name = decodeName(given);
  } catch {
    return undefined;
  }
  return techniqueName(aliases, name);
}
