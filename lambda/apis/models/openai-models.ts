import type { CatalogueEntry, Endpoint, Lifecycle } from '../../models/catalogue/entry.ts';
import type { ListedPrice } from '../../prices/listed.ts';
import { featuresOf } from './features.ts';
import { modelPricing } from './pricing.ts';

/** Epoch seconds as an ISO date-time; undefined stays undefined. */
export const isoTime = (seconds: number | undefined) =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

/** What the table of prices knows of an entry. `endOfLife`: a day, `2026-11-26`. */
export type ListedPrices = (entry: CatalogueEntry) => {
  price: ListedPrice | undefined;
  endOfLife: string | undefined;
};

const paths: Readonly<Record<Endpoint, string>> = {
  chat: '/v1/chat/completions',
  embeddings: '/v1/embeddings',
  rerank: '/v1/rerank',
  images: '/v1/images/generations',
  imageEdits: '/v1/images/edits',
};

/**
 * OpenAI's model object, with what Bedrock says about the model as extension fields. `created` is 0 where
 * Bedrock gives no date: the field is required. `shutdown_date` is null where no end is announced.
 * Where the control plane gives none the table of prices may know it. `endpoints` has the routes that serve the model; `not_listed` says why lists leave it out.
 */
export function openaiModel(entry: CatalogueEntry, prices: ListedPrices) {
  const { capabilities, lifecycle } = entry;
  const { price, endOfLife } = prices(entry);
  return {
    id: entry.id,
    object: 'model' as const,
    created: entry.created ?? 0,
    owned_by: entry.provider,
    shutdown_date: isoTime(lifecycle?.endOfLife)?.slice(0, 10) ?? endOfLife ?? null,
    name: entry.name,
    type: entry.type,
    endpoints: entry.endpoints.map((endpoint) => paths[endpoint]),
    not_listed: entry.notListed,
    region: entry.region,
    regions: entry.regions,
    arn: entry.arn,
    underlying_model: entry.underlying,
    input_modalities: entry.input,
    output_modalities: entry.output,
    streaming: entry.streaming,
    context_window: capabilities.contextTokens,
    context_length: capabilities.contextTokens,
    max_output_tokens: capabilities.maxOutputTokens,
    lifecycle: lifecycle && lifecycleFields(lifecycle),
    features: featuresOf(capabilities),
    pricing: modelPricing(price),
  };
}

function lifecycleFields(lifecycle: Lifecycle) {
  return {
    status: lifecycle.status,
    start_of_life: isoTime(lifecycle.startOfLife),
    legacy: isoTime(lifecycle.legacy),
    extended_access: isoTime(lifecycle.extendedAccess),
    end_of_life: isoTime(lifecycle.endOfLife),
  };
}

/** OpenAI's list: all of it, since that API has no pages. */
export const openaiModelList = (entries: readonly CatalogueEntry[], prices: ListedPrices) => ({
  object: 'list' as const,
  data: entries.map((entry) => openaiModel(entry, prices)),
});
