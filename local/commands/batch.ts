import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isObject } from '../../lambda/canonical/json.ts';
import { cleanText } from '../chat/screen/clean-text.ts';
import { ofFile } from '../file-failure.ts';
import type { Io } from '../io.ts';
import { localKey } from '../local-key.ts';
import { PlainError } from '../plain-error.ts';
import { exit, readArgs, reporting, UsageError } from './command.ts';
import { headerKey } from './header-key.ts';

const usage = `Usage: gateway batch submit <file.jsonl | s3://bucket/key> [--endpoint /v1/chat/completions] [--wait]
       gateway batch status <batch> [--wait]
       gateway batch results <batch> [--output FILE] [--errors FILE]

Works with a gateway that runs, with the key that its batches belong to:
  --base-url URL  or OPENAI_BASE_URL; http://localhost:8080/v1 unless said
  --key KEY       or OPENAI_API_KEY; for the gateway of this machine its own

submit  makes a batch of a file in which each line is {"custom_id", "method": "POST", "url", "body"}
status  says how far it is; --wait: until it has ended
results writes the answers to the terminal or a file, and those that are errors to another one`;

/** `gateway batch`: what people do by hand with batches, over the gateway's own API. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      'base-url': { type: 'string' },
      key: { type: 'string' },
      endpoint: { type: 'string' },
      output: { type: 'string' },
      errors: { type: 'string' },
      wait: { type: 'boolean' },
      interval: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const [verb = '', subject, ...more] = positionals;
    if (!Object.hasOwn(verbs, verb))
      throw new UsageError(
        verb === '' ? 'Say what to do: submit, status or results.' : `There is no \`gateway batch ${verb}\`.`,
      );
    if (subject === undefined || more.length > 0)
      throw new UsageError('Exactly one file or batch is needed.');
    msOf(values.interval);
    const gateway = await gatewayOf(values, io.env);
    return verbs[verb as keyof typeof verbs](gateway, subject, values, io);
  });
}

type Options = Partial<Record<'base-url' | 'key' | 'endpoint' | 'output' | 'errors' | 'interval', string>> & {
  wait?: boolean | undefined;
};

interface Batch {
  id: string;
  status: string;
  output_file_id: string | null;
  error_file_id: string | null;
  request_counts: { total: number; completed: number; failed: number };
  errors: { data: { message: string }[] } | null;
}

/** A gateway to ask. Rejects with a GatewayFailure in the gateway's own words. */
interface Gateway {
  json<T>(method: string, path: string, body?: object): Promise<T>;
  response(path: string): Promise<Response>;
}

const defaultBase = 'http://localhost:8080/v1';
const root = fileURLToPath(new URL('../../', import.meta.url));
const endpoints = '/v1/chat/completions';
const pauseMs = 10_000;
/** Of questions how a batch stands, one after the other. */
const mostFailures = 30;

/** A gateway that has refused, or that cannot be reached. */
class GatewayFailure extends PlainError {
  override name = 'GatewayFailure';
  /** It may answer later. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean) {
    super(message);
    this.isPassing = isPassing;
  }
}

const verbs = {
  async submit(gateway: Gateway, subject: string, options: Options, io: Io): Promise<number> {
    const input_file_id = subject.startsWith('s3://') ? subject : await upload(gateway, subject, io);
    const body = { input_file_id, endpoint: options.endpoint ?? endpoints, completion_window: '24h' };
    return told(gateway, await gateway.json<Batch>('POST', '/batches', body), options, io);
  },
  async status(gateway: Gateway, subject: string, options: Options, io: Io): Promise<number> {
    return told(gateway, await batchOf(gateway, subject), options, io);
  },
  async results(gateway: Gateway, subject: string, options: Options, io: Io): Promise<number> {
    const batch = await batchOf(gateway, subject);
    if (!hasEnded(batch)) {
      io.stderr.write(`${line(batch)}\nIt has no results yet: gateway batch status ${batch.id} --wait\n`);
      return exit.failed;
    }
    await save(gateway, batch.output_file_id, options.output, io);
    if (!batch.output_file_id && !batch.error_file_id) {
      io.stderr.write(`${line(batch)}\nIt has no results.\n`);
      tellErrors(batch, io);
      return exit.failed;
    }
    if (options.errors !== undefined) await save(gateway, batch.error_file_id, options.errors, io);
    else if (batch.error_file_id) io.stderr.write(`${line(batch)}\nWhat has failed: --errors FILE\n`);
    return batch.output_file_id ? exit.ok : exit.failed;
  },
};

const batchOf = (gateway: Gateway, id: string): Promise<Batch> =>
  gateway.json<Batch>('GET', `/batches/${encodeURIComponent(id)}`);

/** They may repeat what stands in a line of the file. */
function tellErrors({ errors }: Batch, io: Io): void {
  for (const { message } of errors?.data ?? []) io.stderr.write(`${cleanText(message)}\n`);
}

const hasEnded = ({ status }: Batch): boolean =>
  ['completed', 'failed', 'cancelled', 'expired'].includes(status);

async function upload(gateway: Gateway, path: string, io: Io): Promise<string> {
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new File([await readFile(path).catch(ofFile(path))], basename(path)));
  const { id } = await gateway.json<{ id: string }>('POST', '/files', form);
  io.stderr.write(`Uploaded as ${id}\n`);
  return id;
}

/** Says how a batch stands, and again until it has ended where that is asked for. */
async function told(gateway: Gateway, first: Batch, { wait, interval }: Options, io: Io): Promise<number> {
  let batch = first;
  let said = '';
  for (;;) {
    const now = line(batch);
    if (now !== said) io.stdout.write(`${now}\n`);
    said = now;
    if (!wait || hasEnded(batch)) break;
    batch = await patiently(() => batchOf(gateway, batch.id), msOf(interval), io);
  }
  tellErrors(batch, io);
  return batch.status === 'failed' ? exit.failed : exit.ok;
}

function msOf(interval: string | undefined): number {
  if (interval === undefined) return pauseMs;
  if (/^\d+(\.\d+)?$/.test(interval)) return Number(interval) * 1000;
  throw new UsageError(`--interval is ${JSON.stringify(interval)}: it must be a number of seconds.`);
}

/** A batch may take a day: a minute without the network, or a gateway that is busy, does not end the wait for it. */
async function patiently(ask: () => Promise<Batch>, ms: number, io: Io): Promise<Batch> {
  for (let left = mostFailures; ; left -= 1) {
    await sleep(ms);
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof GatewayFailure && error.isPassing) || left === 0) throw error;
      io.stderr.write(`${cleanText(error.message)} Asking again.\n`);
    }
  }
}

function line({ id, status, request_counts: { total, completed, failed } }: Batch): string {
  return cleanText(
    `${id}  ${status}  ${completed} of ${total} done${failed > 0 ? `, ${failed} failed` : ''}`,
  );
}

async function save(gateway: Gateway, file: string | null, path: string | undefined, io: Io): Promise<void> {
  if (file === null) return;
  const { body } = await gateway.response(`/files/${file}/content`);
  if (!body) return;
  if (path === undefined) {
    for await (const piece of body.pipeThrough(new TextDecoderStream())) io.stdout.write(piece);
    return;
  }
  await pipeline(Readable.fromWeb(body), createWriteStream(path));
}

async function gatewayOf(options: Options, env: Io['env']): Promise<Gateway> {
  const base = (options['base-url'] ?? env.OPENAI_BASE_URL ?? defaultBase).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(base) || !URL.canParse(base))
    throw new UsageError(`The base URL is ${JSON.stringify(base)}: it must begin with http:// or https://.`);
  const own = base === defaultBase ? async () => (await localKey(root)).key : undefined;
  const key =
    options.key !== undefined
      ? headerKey('--key', options.key)
      : env.OPENAI_API_KEY
        ? headerKey('OPENAI_API_KEY', env.OPENAI_API_KEY)
        : await own?.();
  if (key === undefined)
    throw new UsageError(`Which key is it for ${base}? Set OPENAI_API_KEY, or give --key.`);
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && !isForm && { 'content-type': 'application/json' }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new GatewayFailure(unreachable(base, error), true);
    });
    if (response.ok) return response;
    throw new GatewayFailure(await failureIn(response), response.status === 429 || response.status >= 500);
  };
  return {
    json: async <T>(method: string, path: string, body?: object) =>
      (await bodyOf(await ask(method, path, body), base)) as T,
    response: (path) => ask('GET', path),
  };
}

/** Every object of these APIs has an id. */
async function bodyOf(response: Response, base: string): Promise<object> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isObject(body) && typeof body.id === 'string') return body;
  throw new GatewayFailure(
    `What answers at ${base} is no gateway: is that its base URL, which ends in /v1? --base-url names another.`,
    false,
  );
}

function unreachable(base: string, error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `The gateway at ${base} cannot be reached${code}: is it running, and is that its address? --base-url names another.`;
}

async function failureIn(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error, message } = JSON.parse(text);
    return `${error?.message ?? message ?? text} (${response.status})`;
  } catch {
    return `The gateway answered with status ${response.status}.`;
  }
}
