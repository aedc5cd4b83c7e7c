import type { Context } from 'hono';
import { batchBounds } from '../../batches/bounds.ts';
import type { Draft, JobDraft } from '../../batches/draft.ts';
import { storeError } from '../../batches/failures.ts';
import { linesOf } from '../../batches/lines.ts';
import type { StoredBatch } from '../../batches/stored.ts';
import { toGatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import type { BatchedApi, BatchingDeps } from '../batching/deps.ts';
import { openId, ownerOf } from '../batching/ids.ts';
import { noSuchFile } from '../batching/not-found.ts';
import { placed, readBatchRequest, ToldOnce } from '../batching/request.ts';
import { WayBackWriter } from '../batching/way-back.ts';
import { badRequest } from '../shared/bad-request.ts';
import { headerParameters, withHeaders } from '../shared/bedrock-headers.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { validate } from '../shared/validate.ts';
import { readLine } from './line.ts';
import { parameters } from './parameters.ts';
import { createSchema } from './schema.ts';

export interface Created {
  owner: string;
  batch: StoredBatch;
  told: ToldOnce;
}

/**
 * Makes a batch of a file. The whole file is read, checked and translated before Bedrock hears of it: one line that cannot
 * be a request of the batch, and there is no batch.
 */
export async function createBatch(c: Context<GatewayEnv>, deps: BatchingDeps): Promise<Created> {
  const context = c.get('request');
  await deps.batches.permitCaller(context);
  const given = await readBody(c);
  const asked = validate(createSchema, given);
  const ignored = ignoredParameters(given, parameters, deps.strict);
  const { endpoint, input_file_id: inputFile, metadata } = asked;
  const api = deps.endpoints.get(endpoint);
  if (!api) {
    const allowed = [...deps.endpoints.keys()].join(', ');
    throw badRequest(`Invalid value for 'endpoint': batches are made of requests to ${allowed}.`, 'endpoint');
  }
  const owner = ownerOf(c.get('stateKey')());
  const stream = await inputOf(c, deps, owner, inputFile);
  const draft = deps.batches.draft(owner, 'openai', context);
  try {
    const writing = new Writing(c, deps, api, endpoint, draft);
    writing.told.add({ warnings: [], ignored });
    for await (const { number, text } of linesOf(readable(stream))) await writing.add(number, text);
    writing.demandEnough();
    const batch = await draft.submit({ endpoint, inputFile, ...(metadata && { metadata }) });
    return { owner, batch, told: writing.told };
  } catch (error) {
    context.lifetime.waitUntil(draft.abandon());
    throw error;
  } finally {
    stream.destroy();
  }
}

async function inputOf(c: Context<GatewayEnv>, { batches }: BatchingDeps, owner: string, id: string) {
  const context = c.get('request');
  if (id.startsWith('s3://')) return batches.openInput(id, context);
  const stem = openId(id, ['file'], c.get('stateKey')())?.stem;
  const stream = stem && (await batches.files.open(owner, stem, context.lifetime.signal));
  if (!stream) throw noSuchFile(id);
  return stream;
}

/** The lines of one file on their way into a job. */
class Writing {
  readonly told = new ToldOnce();
  readonly #c: Context<GatewayEnv>;
  readonly #deps: BatchingDeps;
  readonly #api: BatchedApi;
  readonly #endpoint: string;
  readonly #draft: Draft;
  /** What headers say for every request, as they do for one that is answered at once. */
  readonly #said: Fields;
  readonly #ids = new Map<string, number>();
  readonly #wayBack = new WayBackWriter();
  #job: JobDraft | undefined;
  #model: string | undefined;

  constructor(c: Context<GatewayEnv>, deps: BatchingDeps, api: BatchedApi, endpoint: string, draft: Draft) {
    this.#c = c;
    this.#deps = deps;
    this.#api = api;
    this.#endpoint = endpoint;
    this.#draft = draft;
    this.#said = headerParameters(c.req.raw.headers);
  }

  async add(number: number, text: string): Promise<void> {
    try {
      await this.#add(number, text);
    } catch (error) {
      throw placed(toGatewayError(error), `Line ${number}`, `line ${number}`);
    }
  }

  async #add(number: number, text: string): Promise<void> {
    const line = readLine(text, this.#endpoint);
    const { customId } = line;
    const body = withHeaders(this.#said, line.body);
    const before = this.#ids.get(customId);
    if (before !== undefined)
      throw badRequest(
        `'custom_id' is the one of line ${before}: each request needs one of its own.`,
        'custom_id',
      );
    this.#ids.set(customId, number);
    if (this.#ids.size > batchBounds.requests)
      throw badRequest(`a batch has at most ${batchBounds.requests} requests.`);
    const context = this.#c.get('request');
    const request = ofBody(() =>
      readBatchRequest(this.#api.api, body, this.#c.get('stateKey')(), this.#deps),
    );
    const { model } = request;
    if (!this.#job) {
      context.trace.note({ api: 'batches', stream: false, modelAsked: model });
      this.#model = model;
      this.#job = this.#draft.job(await this.#deps.batches.permitModel(model, context));
    } else if (model !== this.#model) {
      throw badRequest(
        `'model' is another one than in the lines before: a batch has one model.`,
        'body.model',
      );
    }
    const { record, notes } = await request.record(this.#job.target, context).catch(inBody);
    this.told.add(notes);
    const { context: wayBack, before: refersTo } = this.#wayBack.line(customId, body);
    await this.#job.add(record.modelInput, wayBack, refersTo);
  }

  demandEnough(): void {
    const count = this.#ids.size;
    if (count >= batchBounds.minRequests) return;
    throw badRequest(
      `The input has ${count} requests, and Amazon Bedrock makes batches of at least ${batchBounds.minRequests}. Send fewer ones to ${this.#endpoint}.`,
      'input_file_id',
    );
  }
}

function ofBody<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return inBody(error);
  }
}

/** Throws the same failure: what it names is in the body of a line. */
function inBody(thrown: unknown): never {
  const error = toGatewayError(thrown);
  const { message, param } = error;
  throw param === null ? error : error.restated({ message, param: written(`body.${param}`) });
}

/** The input, whose bucket may break off. */
async function* readable(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream;
  } catch (error) {
    throw storeError(error);
  }
}
