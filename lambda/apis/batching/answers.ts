import type { StateKey } from '../../auth/state-key.ts';
import type { RecordResult } from '../../batches/results.ts';
import type { StoredJob } from '../../batches/stored.ts';
import type { BatchRecord } from '../../engine/batch-record.ts';
import type { Caller } from '../../engine/types.ts';
import { type GatewayError, toGatewayError } from '../../errors.ts';
import type { ServedRequest } from '../api.ts';
import { type AnyChatApi, type RecordDeps, readBatchRequest, renderAnswer } from './request.ts';
import type { WayBack, WayBackReader } from './way-back.ts';

/** What became of one request, in the form of its API. */
export type Answered = {
  /** The client's own name of the request. */
  id: string;
  /** Unlike that of any other request. */
  place: string;
  /** The number of its job in the batch. */
  job: number;
  /** Bedrock counts it as a success, be it that its answer cannot be read. */
  succeeded: boolean;
} & ({ body: object } | { error: GatewayError } | { unprocessed: true });

/** How the answers of one job are read. */
interface Reading {
  request: ServedRequest;
  record: BatchRecord;
}

export interface AnswersOptions {
  api: AnyChatApi;
  job: StoredJob;
  wayBack: WayBackReader;
  stateKey: StateKey;
  caller: Caller;
  deps: RecordDeps;
  /** Of the batch, for the ids of its answers, which are the same each time they are read. */
  stem: string;
  /** Epoch milliseconds of the job's end. */
  endedAt: number;
}

/**
 * Turns what Bedrock has written into answers, by translating the requests once more: what was renamed or emulated for the
 * model is undone by the same code that undoes it in a chat.
 */
export class Answers {
  readonly #options: AnswersOptions;
  /** Requests that differ in their conversations alone are read alike. */
  readonly #readings = new Map<number, Reading>();

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  async of(result: RecordResult): Promise<Answered | undefined> {
    const { wayBack, stem } = this.#options;
    const known = wayBack.at(result.position);
    if (!known) return undefined;
    const place = `${stem}${result.job}${String(result.position).padStart(6, '0')}`;
    const head = { id: known.id, place, job: result.job, succeeded: 'modelOutput' in result };
    if ('unprocessed' in result) return { ...head, unprocessed: true };
    if ('failure' in result) return { ...head, error: result.failure };
    try {
      const { request, record } = await this.#reading(known);
      const whole = await record.read(result.modelOutput);
      return { ...head, body: this.#render(whole, place, request) };
    } catch (error) {
      return { ...head, error: toGatewayError(error) };
    }
  }

  #render(whole: Parameters<typeof renderAnswer>[1], place: string, request: ServedRequest): object {
    const { api, job, endedAt } = this.#options;
    const head = { requestId: `req_${place}`, createdAt: endedAt, model: job.target.reportAs };
    return renderAnswer(api, whole, head, request);
  }

  async #reading({ settings, bodies }: WayBack): Promise<Reading> {
    const known = settings === undefined ? undefined : this.#readings.get(settings);
    if (known) return known;
    let failure: unknown;
    for (const body of bodies) {
      try {
        const reading = await this.#read(body);
        if (settings !== undefined) this.#readings.set(settings, reading);
        return reading;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async #read(body: WayBack['bodies'][number]): Promise<Reading> {
    const { api, job, stateKey, caller, deps } = this.#options;
    const asked = readBatchRequest(api, body, stateKey, deps);
    const { record } = await asked.record(job.target, { caller });
    return { request: asked.translated(), record };
  }
}
