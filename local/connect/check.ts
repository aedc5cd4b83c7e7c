import { ServerSentDecoder } from '../../lambda/backends/stream/server-sent.ts';
import { cleanText } from '../chat/screen/clean-text.ts';
import { type Event, type Wire, wires } from './check-wires.ts';
import type { Connection } from './clients/client.ts';

/** What one small streamed call has shown. */
export interface Checked {
  ok: boolean;
  /** A line each, without what a terminal would act on. */
  lines: string[];
}

const timeoutMs = 60_000;
/** Makes one small streamed call as the client would make it, and tells what came back. */
export async function check(connection: Connection, key: string): Promise<Checked> {
  const { ok, lines } = await call(connection, key);
  return { ok, lines: lines.map(cleanText) };
}

async function call({ api, baseUrl, model }: Connection, key: string): Promise<Checked> {
  const wire = wires[api];
  const url = `${baseUrl}${wire.path}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...wire.headers(key) },
      body: JSON.stringify(wire.body(model)),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const lines = [`POST ${url} answered ${response.status}`];
    if (!response.ok) return { ok: false, lines: [...lines, ...(await refusal(response))] };
    return await streamed(response, wire, lines);
  } catch (error) {
    return { ok: false, lines: [`POST ${url}: ${failure(error)}`] };
  }
}

async function streamed(response: Response, wire: Wire, lines: string[]): Promise<Checked> {
  let [text, ended, failed]: [string, boolean, string | undefined] = ['', false, undefined];
  const decoder = new ServerSentDecoder((data) => {
    if (data === '[DONE]') return;
    const told = wire.read(JSON.parse(data) as Event);
    text += told.text ?? '';
    ended ||= told.ended === true;
    failed ??= told.error;
  });
  for await (const chunk of response.body ?? []) decoder.push(Buffer.from(chunk));
  const told = [
    ...lines,
    `model   ${response.headers.get('x-gateway-model') ?? 'not told'}`,
    `answer  ${text === '' ? '(no text)' : JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)}`,
  ];
  if (failed !== undefined) return { ok: false, lines: [...told, `The stream failed: ${failed}`] };
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!ended && !type.startsWith('text/event-stream'))
    return { ok: false, lines: [...lines, `That is no stream of a gateway: it sent ${type}.`, rightAddress] };
  if (!ended) return { ok: false, lines: [...told, 'The stream broke off before its end.'] };
  return { ok: true, lines: told };
}

const rightAddress = '→ Is the address right?';

const advice: Readonly<Record<number, string>> = {
  401: 'The key is not one of this gateway’s.',
  403: 'The key, or the AWS account, may not use this model.',
  404: 'Is the address right, and the model one that `npx gateway models` lists?',
  429: 'Bedrock is throttling: try again in a minute.',
};

async function refusal(response: Response): Promise<string[]> {
  const body = await response.text();
  let message = body
    .slice(0, 4000)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
  try {
    message = (JSON.parse(body) as Event).error?.message ?? message;
  } catch {
    // Something that is no gateway answers there.
  }
  return [message, ...(advice[response.status] ? [`→ ${advice[response.status]}`] : [])];
}

function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no complete answer in ${timeoutMs / 1000} seconds`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
  if (code === 'ECONNREFUSED') return 'nothing listens there (npm start serves the local gateway)';
  if (code === 'ENOTFOUND') return 'there is no such host';
  return code;
}
