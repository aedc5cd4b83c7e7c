import { simulatedBatches } from '../../local/simulator/batches.ts';
import { haiku, nova } from './chat.ts';
import { keysFile } from './keys-file.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** Keys of two callers, one that may not use every model, one with a guardrail, one with a budget, and one with limits. */
export const batchKeys = {
  alice: 'sk-alice-batches',
  bob: 'sk-bob-batches',
  scoped: 'sk-scoped-batches',
  guarded: 'sk-guarded-batches',
  budgeted: 'sk-budgeted-batches',
  limited: 'sk-limited-batches',
};

/** Milliseconds after which a job of the simulator has ended. */
export const wholeJob = 60_000;

/** A gateway with the optional stack for batches, and several keys. */
export async function startBatchStack(options: StackOptions = {}): Promise<Stack> {
  const { alice, bob, scoped, guarded, budgeted, limited } = batchKeys;
  const keys = await keysFile([
    { name: 'alice', key: alice, metadata: { team: 'a' } },
    { name: 'bob', key: bob },
    { name: 'scoped', key: scoped, models: ['amazon.nova-*'] },
    { name: 'budgeted', key: budgeted, limits: { dollarsPerMonth: 100 } },
    { name: 'limited', key: limited, limits: { requestsPerMinute: 1 } },
    {
      name: 'guarded',
      key: guarded,
      guardrail: { guardrailIdentifier: 'abc123', guardrailVersion: '1' },
    },
  ]);
  const env = { API_KEY_FILE: keys, BATCHES: simulatedBatches, ...options.env };
  return startStack({ ...options, env });
}

export const chatLine = (i: number, body: object = {}, more: object = {}) => ({
  custom_id: `request-${i}`,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: nova, messages: [{ role: 'user', content: `Question ${i}` }], ...body },
  ...more,
});

/** A JSONL file of as many chats. `each`: the line instead of the usual one. */
export const chatFile = (count: number, each: (i: number) => unknown = (i) => chatLine(i)): string =>
  Array.from({ length: count }, (_, i) => JSON.stringify(each(i))).join('\n');

export const message = (i: number, params: object = {}) => ({
  custom_id: `message-${i}`,
  params: {
    model: haiku,
    max_tokens: 100,
    messages: [{ role: 'user', content: `Question ${i}` }],
    ...params,
  },
});

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  json: T;
  text: string;
}

/** Asks as one of the keys. */
export function asker(stack: Stack, key: string = batchKeys.alice, more: Record<string, string> = {}) {
  return async <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${stack.baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, json: json as T, text };
  };
}
export type Ask = ReturnType<typeof asker>;

export function form(content: string, fields: Record<string, string> = { purpose: 'batch' }): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('file', new File([content], 'requests.jsonl'));
  return data;
}

export async function upload(ask: Ask, content: string): Promise<string> {
  const { json, status, text } = await ask<{ id: string }>('POST', '/files', form(content));
  if (status !== 200) throw new Error(text);
  return json.id;
}

export interface OpenAiBatch {
  id: string;
  status: string;
  output_file_id: string | null;
  error_file_id: string | null;
  request_counts: { total: number; completed: number; failed: number };
  errors: { data: { message: string }[] } | null;
  [name: string]: unknown;
}

/** Uploads the file and makes a batch of it. */
export async function batchOf(ask: Ask, content: string, more: object = {}) {
  const input_file_id = await upload(ask, content);
  const body = { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h', ...more };
  return ask<OpenAiBatch & { error?: { message: string; param: string } }>('POST', '/batches', body);
}

export const linesIn = <T = Record<string, unknown>>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** What the gateway wrote for the newest job, by its name in the bucket. */
export function inputRecords(stack: Stack): { recordId: string; modelInput: Record<string, unknown> }[] {
  const { buckets } = stack.simulator;
  const [name = ''] = buckets.keys('bedrock-gateway-batches').filter((key) => key.includes('/in/'));
  return linesIn(buckets.get('bedrock-gateway-batches', name).body.toString());
}

export const jobCalls = (stack: Stack, operation = 'CreateModelInvocationJob') =>
  stack.simulator.calls.filter((call) => call.operation === operation);
