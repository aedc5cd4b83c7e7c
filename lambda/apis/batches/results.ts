import type { Context } from 'hono';
import type { ResultFile } from '../../batches/keys.ts';
import { type BatchState, countsOf } from '../../batches/stored.ts';
import type { Answered } from '../batching/answers.ts';
import type { BatchingDeps, ResultFiles } from '../batching/deps.ts';
import { download, isHead } from '../batching/download.ts';
import { type IdKind, openId, ownerOf } from '../batching/ids.ts';
import { answersOf } from '../batching/lines.ts';
import { noSuchFile } from '../batching/not-found.ts';
import { openAiErrors } from '../openai/error.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { filesOf } from './render.ts';

/** Where a batch names them. */
const idNames = { output: 'output_file_id', errors: 'error_file_id' } as const satisfies Record<
  Extract<IdKind, ResultFile>,
  string
>;

const mayHaveWrittenNothing = ({ jobs }: BatchState): boolean =>
  jobs.every(({ status }) => status === 'Stopped' || status === 'Expired');

/** The files that a batch has come to: nothing of them is written anywhere before somebody reads it. */
export function createResultFiles(deps: BatchingDeps): ResultFiles {
  const { batches } = deps;
  const found = async (c: Context<GatewayEnv>) => {
    const id = c.req.param('id') ?? '';
    const key = c.get('stateKey')();
    const opened = openId(id, ['output', 'errors'], key);
    const state = opened && (await batches.find(ownerOf(key), 'openai', opened.stem));
    const kind = opened?.kind as ResultFile;
    const isThere = state && filesOf(state, key)[idNames[kind]] === id;
    if (!isThere || (await batches.isRemoved(state, kind))) throw noSuchFile(id);
    const bytes = await batches.outputBytes(state);
    // A job that has ended before it wrote anything has left every request undone, and the file says so.
    if (bytes === undefined && !mayHaveWrittenNothing(state)) throw noSuchFile(id);
    return { id, kind, state, bytes: bytes ?? 0 };
  };
  return {
    async show(c) {
      const { id, kind, state, bytes } = await found(c);
      const [job] = state.jobs;
      return c.json({
        id,
        object: 'file',
        bytes,
        created_at: Math.floor((job?.endedAt ?? state.batch.createdAt) / 1000),
        filename: `batch_${kind}.jsonl`,
        purpose: 'batch_output',
        status: 'processed',
        status_details: null,
      });
    },
    async content(c) {
      const { kind, state } = await found(c);
      const context = c.get('request');
      if (!isHead(c)) await batches.meter(state, context);
      context.trace.note({
        api: 'batch_results',
        stream: true,
        modelAsked: state.batch.jobs[0]?.target.asked,
      });
      return download(c, linesOf(deps, state, kind, c), {
        'content-type': 'application/jsonl',
        'x-content-type-options': 'nosniff',
      });
    },
    async remove(c) {
      const { id, kind, state } = await found(c);
      const other = kind === 'output' ? 'errors' : 'output';
      const hasOther = filesOf(state, c.get('stateKey')())[idNames[other]] !== null;
      await batches.removeFile(state, kind, !hasOther || (await batches.isRemoved(state, other)));
      return c.json({ id, object: 'file', deleted: true });
    },
  };
}

async function* linesOf(
  deps: BatchingDeps,
  state: BatchState,
  kind: ResultFile,
  c: Context<GatewayEnv>,
): AsyncGenerator<string, void> {
  const api = deps.endpoints.get(state.batch.endpoint);
  if (!api) throw new Error(`no API for ${state.batch.endpoint}`);
  const { caller, lifetime } = c.get('request');
  const asking = { stateKey: c.get('stateKey')(), caller, signal: lifetime.signal };
  for await (const answered of answersOf(deps, state, api, asking)) {
    // What Bedrock counts as a success stands in the output, also where it cannot be read.
    const isOutput = answered.succeeded;
    if (isOutput === (kind === 'output')) yield `${JSON.stringify(lineOf(answered, state))}\n`;
  }
}

/** https://platform.openai.com/docs/guides/batch */
function lineOf(answered: Answered, state: BatchState) {
  const { id: custom_id, place } = answered;
  const request_id = `req_${place}`;
  const line = { id: `batch_req_${place}`, custom_id };
  if ('body' in answered) {
    return { ...line, response: { status_code: 200, request_id, body: answered.body }, error: null };
  }
  if ('error' in answered) {
    const { error } = answered;
    const body = openAiErrors.body(error, request_id);
    return { ...line, response: { status_code: openAiErrors.status(error), request_id, body }, error: null };
  }
  return { ...line, response: null, error: unprocessed(state) };
}

function unprocessed(state: BatchState) {
  const status = state.jobs[0]?.status;
  const { succeeded, failed } = countsOf(state);
  const after = `after ${succeeded + failed} of its requests`;
  if (status === 'Expired')
    return { code: 'batch_expired', message: `The batch has expired ${after}: this one was not processed.` };
  if (status === 'Stopped')
    return {
      code: 'batch_cancelled',
      message: `The batch was cancelled ${after}: this one was not processed.`,
    };
  return { code: 'batch_incomplete', message: `The batch has ended ${after}: this one was not processed.` };
}
