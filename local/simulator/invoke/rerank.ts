import type { Call, Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { checkWholeText } from '../rules/whole-text.ts';
import { stage } from '../scenarios/stage.ts';
import { type BodySchema, checkBody, count } from './body-schema.ts';
import { fromPrompt } from './native-format.ts';

/** As Bedrock's Rerank bounds the same texts (Smithy model of bedrock-agent-runtime, `TextPrompt`, `RerankTextDocument`). */
const text: BodySchema = { type: 'String', minLength: 1, maxLength: 32_000 };
const common = {
  query: text,
  documents: { type: 'JSONArray', minItems: 1, maxItems: 1000, items: text },
  top_n: count,
} as const satisfies BodySchema['members'];

/** Cohere's body says which version of its API it is in; Amazon's takes nothing beyond the three. */
const schemas = {
  cohere: {
    type: 'JSONObject',
    members: { ...common, api_version: { type: 'Integer', minimum: 2 }, max_tokens_per_doc: count },
    required: ['query', 'documents', 'api_version'],
  },
  amazon: { type: 'JSONObject', members: common, required: ['query', 'documents'] },
} as const satisfies Record<string, BodySchema>;

interface RerankBody {
  query: string;
  documents: string[];
  top_n?: number;
}

/** InvokeModel of a reranking model: the documents with most of the query's words come first. */
export function rank(call: Call): Reply {
  checkWholeText(call.body);
  checkBody(call.body, call.model.id.startsWith('cohere.') ? schemas.cohere : schemas.amazon);
  const { query, documents, top_n = documents.length } = call.body as RerankBody;
  return stage(call, fromPrompt(query), () => {
    const wanted = wordsOf(query);
    const results = documents
      .map((document, index) => ({ index, relevance_score: scoreOf(wordsOf(document), wanted) }))
      .sort((one, other) => other.relevance_score - one.relevance_score);
    return jsonReply({ results: results.slice(0, top_n) }, { 'x-amzn-bedrock-invocation-latency': '90' });
  });
}

const wordsOf = (said: string) => new Set(said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** The share of the wanted words that it has, less for a longer text; never 0 and never 1. */
function scoreOf(words: ReadonlySet<string>, wanted: ReadonlySet<string>): number {
  const found = [...wanted].filter((word) => words.has(word)).length;
  const share = found / Math.max(1, wanted.size);
  return Number((0.01 + 0.97 * share - 0.009 * (1 - 1 / (1 + words.size))).toFixed(6));
}
