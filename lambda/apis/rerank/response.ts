import type { Ranking } from '../../engine/rerank.ts';
import type { Document } from './documents.ts';

/** What an answer begins with, and which version of Cohere's API it was asked in. */
export interface RerankHead {
  id: string;
  model: string;
  version: '1' | '2';
  echo: readonly Document[] | undefined;
}

/**
 * Cohere's answer (https://docs.cohere.com/reference/rerank) with the `object` and `model` of Jina's beside it, so that
 * clients of either find theirs. Tokens are not counted by Bedrock, and so are not told.
 */
export function translateRanking({ ranks, searchUnits }: Ranking, { id, model, version, echo }: RerankHead) {
  return {
    id,
    object: 'list',
    model,
    results: ranks.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(echo && { document: shown(echo[index]) }),
    })),
    meta: { api_version: { version }, billed_units: { search_units: searchUnits } },
  };
}

const shown = (document: Document | undefined) =>
  typeof document === 'string' ? { text: document } : document;
