import type { AliasSetting } from '../../config.ts';
import { decodeName, parseName } from '../names/parse.ts';
import { type Split, splitTechnique } from '../names/technique.ts';
import { type Alias, findAlias } from './aliases.ts';
import type { Walk } from './walk.ts';

export type Aliases = Readonly<Record<string, AliasSetting>>;

/** A name that asks for a technique, by its own text or by that of an alias. */
export interface TechniqueName extends Split {
  /** The model to resolve: the rest, or the alias, which leads to the rest by itself. */
  model: string;
}

/** Aliases of aliases that are looked at. */
const maxAliases = 8;

/** Undefined where the name asks for none. `name` is decoded. */
export function techniqueName(aliases: Aliases, name: string, depth = 0): TechniqueName | undefined {
  const alias = aliasOfWhole(aliases, name);
  if (!alias) {
    const split = splitTechnique(name);
    return split && { ...split, model: split.rest };
  }
  const behind = depth < maxAliases ? techniqueName(aliases, alias.model, depth + 1) : undefined;
  return behind && { ...behind, model: name };
}

/**
 * The alias for a whole name. A pattern such as `b*` was not written with techniques in mind: it is the alias of a name
 * that asks for one only if what stands before its star has the head and its hyphen.
 */
export function aliasOfWhole(aliases: Aliases, name: string): Alias | undefined {
  const alias = findAlias(aliases, name);
  const split = alias && splitTechnique(name);
  if (!alias || !split || alias.key === name) return alias;
  const beforeRest = name.lastIndexOf(split.rest);
  return alias.key.length - 1 >= beforeRest ? alias : undefined;
}

/** A name that only a listing can tell from others: with a technique's before it, the whole may be a model's too. */
export function isFriendly(aliases: Aliases, name: string): boolean {
  if (name === '' || aliasOfWhole(aliases, name)) return false;
  try {
    return parseName(name).kind === 'friendly';
  } catch {
    return false;
  }
}

/** The name as a client wrote it, read. What is wrong with it is said where it is resolved. */
export function readTechniqueName(aliases: Aliases, given: string): TechniqueName | undefined {
  try {
    return techniqueName(aliases, decodeName(given));
  } catch {
    return undefined;
  }
}

/**
 * The model that an alias leads to. It may lead to a technique on a model: who asks for the alias reads that, and what
 * is resolved is the model, unless the account may have something of the whole name.
 */
export function aliasedModel(
  { aliases }: { aliases: Aliases },
  walk: Pick<Walk, 'reasons'>,
  name: string,
): string {
  const split = aliasOfWhole(aliases, name) ? undefined : splitTechnique(name);
  if (!split || isFriendly(aliases, split.rest)) return name;
  walk.reasons.push(`\`${split.head}\` is an optimisation technique: the model is \`${split.rest}\``);
  return split.rest;
}

/** What stands behind the technique of a name; undefined: nothing does. */
export const restOf = (name: string): string | undefined => splitTechnique(name)?.rest || undefined;
