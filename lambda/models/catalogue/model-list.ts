import type { AliasSetting } from '../../config.ts';
import { toGatewayError } from '../../errors.ts';
import { findAlias } from '../resolve/aliases.ts';
import type { Resolver } from '../resolve/resolve.ts';
import type { Target } from '../target.ts';
import type { Catalogue } from './catalogue.ts';
import type { CatalogueEntry } from './entry.ts';

/** The models as clients see them: the catalogue, and the names that settings and resolving give to what is in it. */
export interface ModelList {
  /**
   * Every entry, also those that lists leave out (`notListed`), aliases included. An alias hides a model of its
   * own name, as it does in a request. Rejects with GatewayError where nothing at all could be listed.
   */
  entries(): Promise<CatalogueEntry[]>;
  /**
   * The entry of the model that a name leads to, under that name, for names that no entry has: a short name, one
   * that an alias pattern fits, `custom:<region>:<id>`. Undefined where a request by this name would find
   * nothing, or `mayUse` says no to what it would call.
   */
  find(name: string, mayUse: (target: Target) => boolean): Promise<CatalogueEntry | undefined>;
  /** Of the last listing: what is missing and why. */
  warnings(): readonly string[];
}

export interface ModelListOptions {
  catalogue: Catalogue;
  resolver: Pick<Resolver, 'resolve'>;
  aliases: Readonly<Record<string, AliasSetting>>;
}

export function createModelList({ catalogue, resolver, aliases }: ModelListOptions): ModelList {
  /** As a request would go. An ARN that is not listed would cost a question of its own, and each may take seconds. */
  const lead = async (
    name: string,
    models: readonly CatalogueEntry[],
    mayUse = (_: Target) => true,
  ): Promise<CatalogueEntry | undefined> => {
    const model = findAlias(aliases, name)?.model ?? name;
    const isListed = models.some(({ arn, modelId }) => arn === model || modelId === model);
    if (/arn:/i.test(model) && !isListed) return undefined;
    const target = await resolver.resolve(name).catch(unlessOurs);
    return target && mayUse(target) ? entryOf(models, target) : undefined;
  };
  return {
    async entries() {
      const models = await catalogue.models();
      // A pattern names no one model.
      const names = Object.keys(aliases).filter((name) => !name.endsWith('*'));
      const entries = await Promise.all(names.map((name) => lead(name, models)));
      const named = entries.flatMap((entry, i) => (entry ? [asAlias(entry, names[i] as string)] : []));
      const taken = new Set(named.map(({ id }) => id));
      return [...named, ...models.filter(({ id }) => !taken.has(id))];
    },
    async find(name, mayUse) {
      if (/arn:/i.test(name)) return undefined;
      const entry = await lead(name, await catalogue.models(), mayUse);
      if (!entry) return undefined;
      return findAlias(aliases, name) ? asAlias(entry, name) : { ...entry, id: name };
    },
    warnings: () => catalogue.warnings(),
  };
}

const asAlias = (entry: CatalogueEntry, name: string): CatalogueEntry => ({
  ...entry,
  id: name,
  type: 'alias',
  name,
  names: [name],
});

/** What a request would call, if it is there, in the region of the call. */
function entryOf(models: readonly CatalogueEntry[], { id, region }: Target): CatalogueEntry | undefined {
  const entry = models.find(({ modelId, arn }) => modelId === id || arn === id);
  return entry?.regions.includes(region) ? { ...entry, region } : entry;
}

/** A name that is wrong, means several things or means nothing is no entry; what fails otherwise is an error. */
function unlessOurs(error: unknown): undefined {
  const { status } = toGatewayError(error);
  if (status !== 400 && status !== 404) throw error;
}
