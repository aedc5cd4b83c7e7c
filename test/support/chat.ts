import type { Stack } from './stack.ts';

export const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
export const nova = 'us.amazon.nova-lite-v1:0';

/** What a client learns of one chat. */
export interface Told {
  status: number;
  headers: Headers;
  /** As the answer or its chunks say. */
  model: string | undefined;
  text: string;
  error: { message: string; type: string; code: string | null } | undefined;
  /** The stream ended with `[DONE]`, or the answer was a 200. */
  complete: boolean;
  attempts: string[];
}

/** Sends one chat and reads its answer to the end. */
export async function chat(
  stack: Stack,
  prompt: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Told> {
  const body = { model: haiku, messages: [{ role: 'user', content: prompt }], ...more };
  const response = await stack.post('/chat/completions', body, headers);
  const raw = await response.text();
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const objects: Chunk[] = streamed ? eventsOf(raw) : [JSON.parse(raw)];
  return {
    status: response.status,
    headers: response.headers,
    model: objects.find(({ model }) => model !== undefined)?.model,
    text: objects.map(textOf).join(''),
    error: objects.find(({ error }) => error)?.error,
    complete: streamed ? raw.endsWith('data: [DONE]\n\n') : response.status === 200,
    attempts: response.headers.get('x-gateway-attempts')?.split('; ') ?? [],
  };
}

interface Chunk {
  model?: string;
  error?: Told['error'];
  choices?: { delta?: { content?: string | null }; message?: { content?: string | null } }[];
}

const textOf = ({ choices: [choice] = [] }: Chunk) =>
  choice?.delta?.content ?? choice?.message?.content ?? '';

/** The JSON of each event, in order; comments and `[DONE]` left out. */
export function eventsOf(body: string): Chunk[] {
  return body
    .split('\n\n')
    .filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)));
}

/** The calls of the simulator's runtime, without those of its control plane. */
export const runtimeCalls = ({ simulator }: Stack) =>
  simulator.calls.filter(({ path }) => /^\/(?:model|openai)\//.test(path));
