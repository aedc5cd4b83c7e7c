import { base, documents, type Family, noMedia } from './family.ts';

const classic: Omit<Family, 'name' | 'match'> = { ...base, provider: 'classic', media: documents };
const invokeOnly: Omit<Family, 'name' | 'match'> = { ...base, provider: 'classic', converse: false };

/** Older models (AWS's feature table of 2025) and those that Converse does not serve. The last one takes the rest. */
export const classicFamilies: Family[] = [
  {
    ...classic,
    name: 'Titan Text',
    match: /^amazon\.titan-(text|tg1)/,
    contextTokens: 8192,
    maxOutputTokens: 8192,
    system: false,
    tools: 'refused',
  },
  {
    ...classic,
    name: 'Command R',
    match: /^cohere\.command-r/,
    maxOutputTokens: 4096,
    additionalFields: [
      'k',
      'p',
      'seed',
      'frequency_penalty',
      'presence_penalty',
      'documents',
      'search_queries_only',
    ],
  },
  {
    ...classic,
    name: 'Command',
    match: /^cohere\.command/,
    contextTokens: 4096,
    maxOutputTokens: 4096,
    system: false,
    tools: 'refused',
    additionalFields: ['k'],
  },
  {
    ...classic,
    name: 'Jamba',
    match: /^ai21\.jamba/,
    contextTokens: 256_000,
    maxOutputTokens: 4096,
    additionalFields: ['frequency_penalty', 'presence_penalty', 'n'],
  },
  {
    ...classic,
    name: 'Jurassic-2',
    match: /^ai21\.j2/,
    contextTokens: 8191,
    maxOutputTokens: 8191,
    system: false,
    tools: 'refused',
  },
  { ...invokeOnly, name: 'Rerankers', match: /\.(rerank|.*-rerank)/ },
  { ...invokeOnly, name: 'Embeddings', match: /(embed|marengo)/ },
  { ...invokeOnly, name: 'Pegasus', match: /^twelvelabs\.pegasus/ },
  {
    ...invokeOnly,
    name: 'Images and video',
    match: /^(stability|luma)\.|nova-([\d-]*-)?(canvas|reel|sonic)|titan-image/,
  },
  /** Imported, Marketplace and scenario models. */
  {
    ...base,
    name: 'Other',
    match: /^/,
    media: noMedia,
    additionalFields: ['reasoning_effort'],
    thinking: { kind: 'effort', key: 'reasoning_effort', values: [], reasonsAt: [] },
  },
];
