import OpenAI, { APIError } from 'openai';
import type { Simulator } from '../../../local/simulator/index.ts';
import { signed } from './helpers.ts';

export const gpt = 'us.openai.gpt-5.6-sol';
export const gptOss = 'openai.gpt-oss-120b-1:0';
export const grok = 'global.xai.grok-4.7';
export const kimi = 'us.moonshotai.kimi-k3';
export const qwen = 'qwen.qwen3-32b-v1:0';

/** OpenAI's own client, with a Bedrock API key, as AWS tells people to use it. */
export const client = (simulator: Simulator): OpenAI =>
  new OpenAI({ baseURL: `${simulator.url}/openai/v1`, apiKey: 'ABSKtest', maxRetries: 0 });

/** The status of a refusal and what it says; undefined where nothing is refused. */
export async function refused(promise: PromiseLike<unknown>) {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const { message } = (error.error ?? {}) as { message?: string };
    return [error.status, message];
  }
}

export async function call(simulator: Simulator, path: string, body?: unknown, more: RequestInit = {}) {
  const response = await fetch(`${simulator.url}/openai/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: signed(),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...more,
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered is looked into.
  const json: any = await response.json();
  return { status: response.status, headers: response.headers, json };
}

/** The records of a stream: the name of each event, and its data, parsed where it is JSON. */
export async function records(simulator: Simulator, path: string, body: object) {
  const response = await fetch(`${simulator.url}/openai/v1${path}`, {
    method: 'POST',
    headers: signed(),
    body: JSON.stringify({ stream: true, ...body }),
  });
  const text = await response.text();
  const whole = text.split('\n\n');
  return { text, list: whole.slice(0, -1).map(recordOf), rest: whole.at(-1) };
}

export interface SseRecord {
  event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent is looked into.
  data: any;
}

function recordOf(text: string): SseRecord {
  const [, event] = /^event: (.*)$/m.exec(text) ?? [];
  const [, data = ''] = /^data: (.*)$/m.exec(text) ?? [];
  return { event, data: data.startsWith('{') && data.endsWith('}') ? JSON.parse(data) : data };
}

export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

export const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: weatherTool.function.parameters,
  strict: false,
} as const;
