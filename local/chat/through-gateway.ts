import OpenAI from 'openai';
import { tokenCounts } from '../../lambda/accounting/tokens.ts';
import type { ConverseEvent, Usage } from '../../lambda/canonical/types.ts';
import { GatewayError, type Reason } from '../../lambda/errors.ts';
import { chatBody } from './chat-body.ts';
import { type Chunk, ChunkEvents } from './chunk-events.ts';
import type { Connection, Question, Reply, Spent } from './connection.ts';
import { costOf, loadPrices, type Prices } from './prices.ts';

export interface GatewayAddress {
  /** Ends in /v1; where it has no path, that is added. */
  url: string;
  key: string;
  /** Where settings of prices stand. */
  env: Record<string, string | undefined>;
}

/** A gateway elsewhere, by Chat Completions. */
export function connectToGateway({ url, key, env }: GatewayAddress, prices?: Prices): Connection {
  const baseURL = withPath(url);
  // What the environment has for OpenAI is nobody else's business.
  const client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0, organization: null, project: null });
  const priced = prices ? Promise.resolve(prices) : loadPrices(env);
  return {
    name: baseURL,
    async ask(question, signal) {
      try {
        return await begin(client, question, signal, await priced);
      } catch (error) {
        throw failure(error, signal);
      }
    },
    async models() {
      try {
        const ids: string[] = [];
        for await (const { id } of client.models.list()) ids.push(id);
        return ids;
      } catch (error) {
        throw failure(error);
      }
    },
    close: async () => {},
  };
}

function withPath(url: string): string {
  const { pathname } = new URL(url);
  const base = url.replace(/\/+$/, '');
  return pathname === '/' ? `${base}/v1` : base;
}

async function begin(
  client: OpenAI,
  question: Question,
  signal: AbortSignal,
  prices: Prices | undefined,
): Promise<Reply> {
  const startedAt = Date.now();
  // Members beyond OpenAI's own are the gateway's.
  const body = chatBody(question) as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
  const { data, response } = await client.chat.completions.create(body, { signal }).withResponse();
  const header = (name: string) => response.headers.get(`x-gateway-${name}`) ?? undefined;
  const steps = stepsOf(header('attempts'));
  const region = steps.at(-1)?.region;
  const modelId = header('model');
  let usage: Usage | undefined;
  const events = eventsOf(data as AsyncIterable<Chunk>, signal, (counted) => {
    usage = counted;
  });
  return {
    model: question.model,
    ...(modelId !== undefined && { modelId, model: modelId }),
    ...(region !== undefined && { region }),
    steps,
    warnings: listOf(header('warnings')),
    ignored: listOf(header('ignored')),
    events,
    async spent(): Promise<Spent> {
      if (!usage) return { tokens: undefined, estimated: false, cost: { unknown: 'nothing was counted' } };
      const tokens = tokenCounts(usage);
      const estimated = usage.estimated ?? false;
      if (!modelId || !region)
        return { tokens, estimated, cost: { unknown: 'the server does not say what it called' } };
      return { tokens, estimated, cost: costOf([{ modelId, region, startedAt, tokens }], prices) };
    },
  };
}

async function* eventsOf(
  chunks: AsyncIterable<Chunk>,
  signal: AbortSignal,
  onUsage: (usage: Usage) => void,
): AsyncGenerator<ConverseEvent[], void> {
  const reading = new ChunkEvents();
  try {
    for await (const chunk of chunks) {
      const events = reading.push(chunk);
      for (const event of events) if ('metadata' in event) onUsage(event.metadata.usage);
      if (events.length > 0) yield events;
    }
  } catch (error) {
    throw failure(error, signal);
  }
  // OpenAI's client ends without a word when it is aborted, and when the connection is.
  if (signal.aborted) throw aborted();
  if (!reading.complete)
    throw wrong(502, 'model_error', 'The answer ended before it was complete. Try again.');
}

const listOf = (header: string | undefined): string[] => header?.split('; ').filter(Boolean) ?? [];

/** `model@region=result; …` */
function stepsOf(header: string | undefined): Reply['steps'] {
  return listOf(header).flatMap((text) => {
    const [, model = '', region = '', result = ''] = /^(.*)@([^@=]*)=(.*)$/.exec(text) ?? [];
    return model === '' ? [] : [{ model, region, result }];
  });
}

/** What OpenAI's client throws, in the gateway's own words. */
function failure(error: unknown, signal?: AbortSignal): GatewayError {
  if (signal?.aborted) return aborted();
  if (error instanceof OpenAI.APIConnectionError) {
    return wrong(502, 'connection', 'The gateway cannot be reached. Check the URL and the network.');
  }
  if (!(error instanceof OpenAI.APIError)) throw error;
  // Within a stream it has no status.
  const status: number = error.status ?? 502;
  const { message } = isMessage(error.error) ? error.error : error;
  return wrong(status, reasons[status] ?? (status < 500 ? 'bad_request' : 'model_error'), message);
}

const reasons: Record<number, Reason> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'model_not_found',
  429: 'throttled',
  503: 'overloaded',
  504: 'timeout',
};

const isMessage = (value: unknown): value is { message: string } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

const wrong = (status: number, reason: Reason, message: string): GatewayError =>
  new GatewayError({ status, reason, message });

const aborted = (): GatewayError => wrong(499, 'aborted', 'The answer was stopped.');
