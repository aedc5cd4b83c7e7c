import type { CatalogueEntry } from '../../models/catalogue/entry.ts';
import { badRequest } from '../shared/bad-request.ts';
import { isoTime } from './openai-models.ts';

/** Anthropic's model object (https://docs.anthropic.com/en/api/models-list); an unknown date is the epoch, as there. */
export const anthropicModel = (entry: CatalogueEntry) => ({
  type: 'model' as const,
  id: entry.id,
  display_name: entry.name,
  created_at: isoTime(entry.created ?? 0),
  max_input_tokens: entry.capabilities.contextTokens,
  max_tokens: entry.capabilities.maxOutputTokens,
});

export interface PageQuery {
  limit?: string;
  after_id?: string;
  before_id?: string;
}

const defaultLimit = 20;
const maxLimit = 1000;

/**
 * Anthropic's list: the page of `limit` models after, or before, a given one. That API knows models to talk to
 * alone, so those that embed or rank texts are not in it. Throws a 400 for a bad query.
 */
export function anthropicModelList(models: readonly CatalogueEntry[], query: PageQuery) {
  const entries = models.filter(({ endpoints }) => endpoints.length === 0 || endpoints.includes('chat'));
  const limit = limitOf(query.limit);
  const [page, hasMore] = query.before_id
    ? before(entries, query.before_id, limit)
    : after(entries, query, limit);
  return {
    data: page.map(anthropicModel),
    has_more: hasMore,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

type Page = [page: readonly CatalogueEntry[], hasMore: boolean];

function after(entries: readonly CatalogueEntry[], { after_id }: PageQuery, limit: number): Page {
  const start = after_id ? indexOf(entries, after_id, 'after_id') + 1 : 0;
  return [entries.slice(start, start + limit), start + limit < entries.length];
}

function before(entries: readonly CatalogueEntry[], id: string, limit: number): Page {
  const end = indexOf(entries, id, 'before_id');
  return [entries.slice(Math.max(0, end - limit), end), end > limit];
}

function indexOf(entries: readonly CatalogueEntry[], id: string, param: string): number {
  const index = entries.findIndex((entry) => entry.id === id);
  if (index < 0) throw badRequest(`\`${param}\` is \`${id}\`, which is no model of this list.`, param);
  return index;
}

function limitOf(given: string | undefined): number {
  if (given === undefined) return defaultLimit;
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw badRequest(`\`limit\` is \`${given}\`; it must be a whole number from 1 to ${maxLimit}.`, 'limit');
}
