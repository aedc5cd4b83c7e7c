import type { Context } from 'hono';
import type { Batches } from '../../batches/batches.ts';
import type { GatewayEnv } from '../shared/env.ts';
import type { AnyChatApi, RecordDeps } from './request.ts';
import type { ConversationMember } from './way-back.ts';

/** An API that requests of a batch may be written for. */
export interface BatchedApi {
  api: AnyChatApi;
  member: ConversationMember;
}

/** What the routes of files and batches work with. */
export interface BatchingDeps extends RecordDeps {
  batches: Batches;
  /** By the `url` of OpenAI's lines: `/v1/chat/completions`. */
  endpoints: ReadonlyMap<string, BatchedApi>;
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

type Handler = (c: Context<GatewayEnv>) => Promise<Response>;

/** What is asked of files that are no uploads but the results of batches. */
export interface ResultFiles {
  show: Handler;
  content: Handler;
  remove: Handler;
}
