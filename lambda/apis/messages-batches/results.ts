import type { BatchState } from '../../batches/stored.ts';
import { GatewayError } from '../../errors.ts';
import { anthropicErrors } from '../anthropic/error.ts';
import type { Answered } from '../batching/answers.ts';
import type { BatchedApi, BatchingDeps } from '../batching/deps.ts';
import { type Asking, answersOf } from '../batching/lines.ts';
import { restOf } from './render.ts';

/** The results of a batch as JSONL (https://platform.claude.com/docs/en/api/retrieving-message-batch-results). */
export async function* resultLines(
  deps: BatchingDeps,
  state: BatchState,
  api: BatchedApi,
  asking: Asking,
): AsyncGenerator<string, void> {
  for await (const answered of answersOf(deps, state, api, asking)) {
    yield `${JSON.stringify({ custom_id: answered.id, result: resultOf(answered, state) })}\n`;
  }
}

function resultOf(answered: Answered, state: BatchState) {
  if ('body' in answered) return { type: 'succeeded', message: answered.body };
  if ('error' in answered) return errored(answered.error, answered.place);
  const job = state.jobs[answered.job];
  const rest = job ? restOf(job) : 'errored';
  return rest === 'errored' ? errored(failed(job?.message), answered.place) : { type: rest };
}

const errored = (error: GatewayError, place: string) => ({
  type: 'errored',
  error: anthropicErrors.body(error, `req_${place}`),
});

const failed = (message: string | undefined) =>
  new GatewayError({
    status: 500,
    reason: 'model_error',
    code: 'batch_failed',
    message: message || 'Amazon Bedrock has failed to process the batch and has not said why.',
  });
