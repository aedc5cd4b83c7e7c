import type { StateKey } from '../../auth/state-key.ts';
import type { BatchState, StoredJob } from '../../batches/stored.ts';
import type { Caller } from '../../engine/types.ts';
import { type Answered, Answers } from './answers.ts';
import type { BatchedApi, BatchingDeps } from './deps.ts';
import { WayBackReader } from './way-back.ts';

export interface Asking {
  stateKey: StateKey;
  caller: Caller;
  signal: AbortSignal;
}

/** What became of every request of a batch, in any order, read and translated while it is asked for. */
export async function* answersOf(
  deps: BatchingDeps,
  state: BatchState,
  { api, member }: BatchedApi,
  { stateKey, caller, signal }: Asking,
): AsyncGenerator<Answered, void> {
  const { batches } = deps;
  const { stem } = state.batch;
  const endedAt = (i: number) => state.jobs[i]?.endedAt ?? state.batch.createdAt;
  // Results come job by job, so that no more than one job's way back is held.
  let current: { index: number; answers: Answers } | undefined;
  for await (const result of batches.results(state, signal)) {
    if (current?.index !== result.job) {
      const wayBack = new WayBackReader(await batches.context(state, result.job), member);
      const job: StoredJob = state.batch.jobs[result.job]!;
      const options = { api, job, wayBack, stateKey, caller, deps, stem, endedAt: endedAt(result.job) };
      current = { index: result.job, answers: new Answers(options) };
    }
    const answered = await current.answers.of(result);
    if (answered) yield answered;
  }
}
