import type { CallerCredentials, Payer } from '../../backends/backend.ts';
import type { Target } from '../target.ts';
import type { RerankFormat } from './families.ts';

/** One InvokeModel: a query and all the documents that are to be ranked by it. */
export interface RankCall {
  target: Target;
  format: RerankFormat;
  query: string;
  documents: readonly string[];
  /** How many of the best are wanted, from 1 to the number of documents. */
  topN: number;
  /** Tokens of a document that are looked at; only for families that cut. */
  maxTokensPerDoc?: number;
  signal: AbortSignal;
  credentials?: CallerCredentials;
  payer?: Payer;
  requestMetadata?: Record<string, string>;
}

/** One document and how well it answers the query. */
export interface Rank {
  /** Of the document in the request, from 0. */
  index: number;
  /** From 0 to 1. */
  score: number;
}

export interface Ranked {
  /** The best first. */
  ranks: Rank[];
  requestId?: string;
}

/** Fails only with GatewayError. */
export type RankDocuments = (call: RankCall) => Promise<Ranked>;
