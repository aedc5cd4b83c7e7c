import type { Row, Use } from '../../limits/use.ts';
import { embeddingFamilyOf } from '../../models/embeddings/families.ts';
import { imageFamilyOf } from '../../models/images/families.ts';
import { rerankFamilyOf } from '../../models/rerank/families.ts';
import { pageAt, type QueryRules, type UsageQuery } from './query.ts';

/** What is asked of the usage API: the last word of its path. */
export type Asked = 'completions' | 'embeddings' | 'images' | 'moderations' | 'costs';

const groups = ['model', 'api_key_id'];

/** OpenAI's limits. `costs` has 180 days and names models `line_item`. */
export const rules: Readonly<Record<Asked, QueryRules>> = {
  completions: { groups, defaultLimit: 7, maxLimit: 31 },
  embeddings: { groups, defaultLimit: 7, maxLimit: 31 },
  images: { groups, defaultLimit: 7, maxLimit: 31 },
  moderations: { groups, defaultLimit: 7, maxLimit: 31 },
  costs: { groups: [...groups, 'line_item'], defaultLimit: 7, maxLimit: 180 },
};

const daySeconds = 86_400;
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** The days of one page. */
export function daysOf({ from, to, limit }: UsageQuery): string[] {
  const count = Math.min(limit, (to - from) / daySeconds);
  return Array.from({ length: Math.max(0, count) }, (_, day) => dayOf(from + day * daySeconds));
}

export interface Summing {
  sum(rows: readonly Row[]): Use;
  /** Dollars of pico-dollars. */
  dollars(pico: bigint): string;
}

/** One page of OpenAI's buckets: one a day, also of a day without use. */
export function usagePage(asked: Asked, query: UsageQuery, rows: readonly Row[], summing: Summing) {
  const days = daysOf(query);
  const wanted = rows.filter(
    ({ key, model }) =>
      (query.models.length === 0 || query.models.includes(model)) &&
      (query.keys.length === 0 || query.keys.includes(key)) &&
      (asked === 'costs' || kindOf(model) === asked),
  );
  const byDay = Map.groupBy(wanted, ({ day }) => day);
  const next = query.from + days.length * daySeconds;
  return {
    object: 'page' as const,
    data: days.map((day, at) => ({
      object: 'bucket' as const,
      start_time: query.from + at * daySeconds,
      end_time: query.from + (at + 1) * daySeconds,
      results: resultsOf(asked, query, byDay.get(day) ?? [], summing),
    })),
    has_more: next < query.to,
    next_page: next < query.to ? pageAt(next) : null,
  };
}

function resultsOf(asked: Asked, { groupBy }: UsageQuery, rows: readonly Row[], summing: Summing) {
  const byModel = groupBy.has('model') || groupBy.has('line_item');
  const byKey = groupBy.has('api_key_id');
  const all = Map.groupBy(rows, ({ model, key }) => JSON.stringify([byModel && model, byKey && key]));
  return [...all.values()].map((own) => {
    const model = byModel ? (own[0]?.model ?? null) : null;
    const key = byKey ? (own[0]?.key ?? null) : null;
    const use = summing.sum(own);
    if (asked === 'costs') return costResult(use, { model, key, isItem: groupBy.has('line_item') }, summing);
    return {
      object: `organization.usage.${asked}.result`,
      ...tokenFields(asked, use),
      num_model_requests: use.requests,
      project_id: null,
      user_id: null,
      api_key_id: key,
      model,
    };
  });
}

/** `unpriced_requests` is the gateway's own: of how many requests the sum leaves out calls whose price is not known. */
function costResult(
  use: Use,
  { model, key, isItem }: { model: string | null; key: string | null; isItem: boolean },
  { dollars }: Summing,
) {
  return {
    object: 'organization.costs.result',
    // What is not known is not nothing.
    amount: { value: isUnknown(use) ? null : Number(dollars(use.costPico)), currency: 'usd' },
    line_item: isItem ? model : null,
    project_id: null,
    api_key_id: key,
    model: isItem ? null : model,
    unpriced_requests: use.unpricedRequests,
  };
}

const isUnknown = ({ costPico, unpriced }: Use): boolean => costPico === 0n && unpriced > 0;

function tokenFields(asked: Asked, use: Use): Record<string, number | null> {
  const cached = use.cacheReadTokens;
  const input = use.inputTokens + cached + use.cacheWriteTokens + use.cacheWriteLongTokens;
  if (asked === 'images') return { images: use.images, size: null, source: null };
  if (asked !== 'completions') return { input_tokens: input };
  return {
    input_tokens: input,
    input_cached_tokens: cached,
    input_audio_tokens: 0,
    output_tokens: use.outputTokens,
    output_audio_tokens: 0,
    batch: null,
  };
}

/** Which of OpenAI's APIs a model of Bedrock belongs to. What ranks, and what is not known, belongs to none. */
function kindOf(model: string): Asked | undefined {
  if (model === '-') return undefined;
  if (embeddingFamilyOf(model)) return 'embeddings';
  if (imageFamilyOf(model)) return 'images';
  if (rerankFamilyOf(model)) return undefined;
  return isGuardrail(model) ? 'moderations' : 'completions';
}

/** A guardrail's id or ARN, or the checks of Bedrock's own, which stand in place of a model. */
const isGuardrail = (id: string) =>
  id === 'guardrail-checks' || /^[a-z0-9]{12}$/.test(id) || /:guardrail\//.test(id);
