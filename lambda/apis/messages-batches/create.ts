import type { Context } from 'hono';
import { batchBounds } from '../../batches/bounds.ts';
import type { Draft, JobDraft } from '../../batches/draft.ts';
import type { StoredBatch } from '../../batches/stored.ts';
import { docs } from '../../docs.ts';
import { type GatewayError, toGatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import { readList, readObject, readString, wrongValue } from '../anthropic/reading.ts';
import type { BatchedApi, BatchingDeps } from '../batching/deps.ts';
import { ownerOf } from '../batching/ids.ts';
import { readBatchRequest, ToldOnce } from '../batching/request.ts';
import { WayBackWriter } from '../batching/way-back.ts';
import { badRequest } from '../shared/bad-request.ts';
import { headerParameters, withHeaders } from '../shared/bedrock-headers.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters, type Parameters, used } from '../shared/parameters.ts';

export interface Created {
  owner: string;
  batch: StoredBatch;
  told: ToldOnce;
}

const parameters: Parameters = { requests: used(docs && 'Each with its `custom_id` and `params`.') };

/** The endpoint that requests of Anthropic's batches are written for. */
export const endpoint = '/v1/messages';

/** Makes a batch of the requests in the body: a job for each model that they name. */
export async function createMessageBatch(
  c: Context<GatewayEnv>,
  deps: BatchingDeps,
  api: BatchedApi,
): Promise<Created> {
  const context = c.get('request');
  await deps.batches.permitCaller(context);
  const given = await readBody(c);
  const requests = readList(given.requests, 'requests');
  const ignored = ignoredParameters(given, parameters, deps.strict);
  if (requests.length === 0)
    throw badRequest('requests: List should have at least 1 item after validation', 'requests');
  if (requests.length > batchBounds.requests)
    throw badRequest(`requests: a batch has at most ${batchBounds.requests} requests`, 'requests');
  const owner = ownerOf(c.get('stateKey')());
  const draft = deps.batches.draft(owner, 'anthropic', context);
  try {
    const writing = new Writing(c, deps, api, draft);
    writing.told.add({ warnings: [], ignored });
    for (const [at, request] of requests.entries()) await writing.add(at, request);
    writing.demandEnough();
    return { owner, batch: await draft.submit({ endpoint }), told: writing.told };
  } catch (error) {
    context.lifetime.waitUntil(draft.abandon());
    throw error;
  }
}

interface ModelJob {
  job: JobDraft;
  wayBack: WayBackWriter;
}

/** The requests of one body on their way into jobs. */
class Writing {
  readonly told = new ToldOnce();
  readonly #c: Context<GatewayEnv>;
  readonly #deps: BatchingDeps;
  readonly #api: BatchedApi;
  readonly #draft: Draft;
  /** What headers say for every request, as they do for one that is answered at once. */
  readonly #said: Fields;
  readonly #ids = new Map<string, number>();
  readonly #jobs = new Map<string, ModelJob>();

  constructor(c: Context<GatewayEnv>, deps: BatchingDeps, api: BatchedApi, draft: Draft) {
    this.#c = c;
    this.#deps = deps;
    this.#api = api;
    this.#draft = draft;
    this.#said = headerParameters(c.req.raw.headers);
  }

  async add(at: number, request: unknown): Promise<void> {
    const path = `requests.${at}`;
    const { custom_id, params: given } = readObject(request, path);
    const id = this.#customId(custom_id, at);
    const params = withHeaders(this.#said, readObject(given, `${path}.params`));
    try {
      await this.#add(id, params);
    } catch (error) {
      throw within(toGatewayError(error), `${path}.params`);
    }
  }

  /** https://platform.claude.com/docs/en/api/creating-message-batches */
  #customId(given: unknown, at: number): string {
    const path = `requests.${at}.custom_id`;
    const id = readString(given, path);
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(id))
      throw wrongValue(id, path, '1 to 64 letters, digits, hyphens and underscores');
    const before = this.#ids.get(id);
    if (before !== undefined)
      throw badRequest(
        `${path}: it is the one of requests.${before}, and each request needs one of its own`,
        path,
      );
    this.#ids.set(id, at);
    return id;
  }

  async #add(id: string, params: Record<string, unknown>): Promise<void> {
    const context = this.#c.get('request');
    const request = readBatchRequest(this.#api.api, params, this.#c.get('stateKey')(), this.#deps);
    const { job, wayBack } = await this.#jobOf(request.model);
    const { record, notes } = await request.record(job.target, context);
    this.told.add(notes);
    const line = wayBack.line(id, params);
    await job.add(record.modelInput, line.context, line.before);
  }

  async #jobOf(model: string): Promise<ModelJob> {
    const known = this.#jobs.get(model);
    if (known) return known;
    if (this.#jobs.size === batchBounds.models)
      throw badRequest(
        `model: a batch has at most ${batchBounds.models} models, each of which is a job of its own`,
        'model',
      );
    const context = this.#c.get('request');
    context.trace.note({ api: 'message_batches', stream: false, modelAsked: model });
    const target = await this.#deps.batches.permitModel(model, context);
    const made = { job: this.#draft.job(target), wayBack: new WayBackWriter() };
    this.#jobs.set(model, made);
    return made;
  }

  demandEnough(): void {
    for (const [model, { job }] of this.#jobs) {
      if (job.count >= batchBounds.minRequests) continue;
      throw badRequest(
        `requests: ${job.count} of them are for ${model}, and Amazon Bedrock makes batches of at least ${batchBounds.minRequests} requests to a model. Send fewer ones to ${endpoint}.`,
        'requests',
      );
    }
  }
}

/** The same failure with the place of the request before the path that it names. */
function within(error: GatewayError, path: string): GatewayError {
  const { message, param } = error;
  const at = param === null ? path : `${path}.${param}`;
  const told = param !== null && message.startsWith(param) ? `${path}.${message}` : `${path}: ${message}`;
  return error.restated({ message: told, param: written(at) });
}
