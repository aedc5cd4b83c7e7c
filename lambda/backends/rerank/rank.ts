import type { BedrockClients } from '../../bedrock/clients.ts';
import { list, members, parseJson } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { GatewayError } from '../../errors.ts';
import type { Rank, RankCall, RankDocuments } from '../../models/rerank/contract.ts';
import type { RerankFormat } from '../../models/rerank/families.ts';
import { readText } from '../call.ts';
import { invokeModel } from '../invoke/invoke-model.ts';

/** What each format has beside `query`, `documents` and `top_n`; more than that is refused. */
const own: Readonly<Record<RerankFormat, (call: RankCall) => JsonObject>> = {
  cohere: ({ maxTokensPerDoc }) => ({
    api_version: 2,
    ...(maxTokensPerDoc !== undefined && { max_tokens_per_doc: maxTokensPerDoc }),
  }),
  amazon: () => ({}),
};

/**
 * Reranking models by InvokeModel, one a call. Bedrock's Rerank does the same on another host, with a permission of its
 * own beside the one for InvokeModel.
 */
export function createRankDocuments(clients: BedrockClients): RankDocuments {
  return async (call) => {
    const { query, documents, topN, requestMetadata } = call;
    const body = { query, documents: [...documents], top_n: topN, ...own[call.format](call) };
    const answered = await invokeModel(clients, call, body, requestMetadata ? { requestMetadata } : {});
    const { requestId } = answered;
    const ranks = ranksIn(await readText(answered.body, call), call);
    if (!ranks) throw notRanks(requestId);
    return { ranks, ...(requestId !== undefined && { requestId }) };
  };
}

/** The best first; undefined for a body that is no ranking of these documents. */
function ranksIn(text: string, { documents, topN }: RankCall): Rank[] | undefined {
  const { results } = members(parseJson(text)?.value);
  // What is no number must not become 0, which is one.
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  const ranks = list(results).map(({ index, relevance_score }) => ({
    index: number(index),
    score: number(relevance_score),
  }));
  const known = ranks.every(
    ({ index, score }) => Number.isInteger(index) && index in documents && Number.isFinite(score),
  );
  const once = new Set(ranks.map(({ index }) => index)).size === ranks.length;
  if (!known || !once || ranks.length === 0) return undefined;
  return ranks.sort((one, other) => other.score - one.score).slice(0, topN);
}

function notRanks(requestId: string | undefined): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'bad_gateway',
    mayHaveRun: true,
    message:
      'The reranking model answered without a ranking of the documents it was given. Please try again.',
    upstream: { name: 'IncompleteAnswer', message: '', status: 200, requestId },
  });
}
