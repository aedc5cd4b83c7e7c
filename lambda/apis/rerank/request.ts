import { ByteBudget } from '../../bounds.ts';
import type { RerankRequest } from '../../engine/rerank.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { guardrailIn } from '../shared/guardrail-asked.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { validate } from '../shared/validate.ts';
import { type Document, readDocuments, textOf } from './documents.ts';
import { parameters as known } from './parameters.ts';
import { type RerankParameters, rerankSchema } from './schema.ts';

/** Each of them is looked for in each document. */
const maxRankFields = 50;

/** A request whose parameters are known; its documents have not been looked at. */
export interface AskedRerank {
  parameters: RerankParameters;
  /** Parameters without any effect. */
  ignored: string[];
}

export interface RerankCall {
  request: RerankRequest;
  /** As they were sent, for a client that wants them back; undefined: it does not. */
  echo: readonly Document[] | undefined;
}

/** Throws a 400 that names the parameter at fault. */
export function readParameters(body: Fields, strict: boolean): AskedRerank {
  const parameters = validate(rerankSchema, body);
  if (parameters.max_chunks_per_doc != null) {
    throw unsupported(
      'Bedrock’s reranking models have no `max_chunks_per_doc`. Use `max_tokens_per_doc`.',
      'max_chunks_per_doc',
    );
  }
  return { parameters, ignored: ignoredParameters(body, known, strict) };
}

/** Throws a 400 that names the document at fault, or a 413 for more text than Bedrock takes. */
export function translateDocuments({ parameters }: AskedRerank): RerankCall {
  const { query, top_n, rank_fields, max_tokens_per_doc, return_documents } = parameters;
  const rankFields = fieldsOf(rank_fields);
  const documents = readDocuments(parameters.documents);
  const bytes = new ByteBudget();
  const texts = documents.map((document, index) => {
    const text = textOf(document, rankFields, `documents[${index}]`);
    // The names of fields stand in each document again.
    bytes.spend(Buffer.byteLength(text), 'documents');
    return text;
  });
  return {
    request: {
      query,
      documents: texts,
      topN: Math.min(top_n ?? texts.length, texts.length),
      maxTokensPerDoc: max_tokens_per_doc ?? undefined,
      guardrail: guardrailIn(parameters),
    },
    echo: return_documents ? documents : undefined,
  };
}

function fieldsOf(names: readonly string[] | null | undefined): string[] | undefined {
  if (names == null || names.length === 0) return undefined;
  if (names.length > maxRankFields) {
    throw badRequest(
      `Invalid value for 'rank_fields': ${names.length} fields; at most ${maxRankFields} are taken.`,
      'rank_fields',
    );
  }
  return [...new Set(names)];
}
