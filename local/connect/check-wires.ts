import type { ApiName } from './clients/client.ts';

const prompt = 'Say hello in one short sentence.';
/** Enough for a model that thinks first. */
const mostTokens = 512;

/** How one small streamed call is made by an API, and what its events tell. */
export interface Wire {
  path: string;
  headers(key: string): Record<string, string>;
  body(model: string): Record<string, unknown>;
  /** What an event tells; `event` is parsed JSON of somebody else. */
  read(event: Event): Told;
}

/** The members that are looked at. */
export interface Event {
  type?: string;
  delta?: string | { text?: string; stop_reason?: string };
  choices?: { delta?: { content?: string }; finish_reason?: string | null }[];
  error?: { message?: string; type?: string };
  response?: { error?: { message?: string } | null };
}

export interface Told {
  text?: string;
  ended?: boolean;
  error?: string;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export const wires: Readonly<Record<ApiName, Wire>> = {
  chat: {
    path: '/chat/completions',
    headers: bearer,
    body: (model) => ({
      model,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: mostTokens,
      messages: [{ role: 'user', content: prompt }],
    }),
    read: ({ choices: [choice] = [], error }) => ({
      ...(choice?.delta?.content && { text: choice.delta.content }),
      ...(choice?.finish_reason && { ended: true }),
      ...(error && { error: error.message ?? 'an error' }),
    }),
  },
  responses: {
    path: '/responses',
    headers: bearer,
    body: (model) => ({
      model,
      stream: true,
      store: false,
      max_output_tokens: mostTokens,
      input: [{ role: 'user', content: prompt }],
    }),
    read: ({ type, delta, response, error }) => {
      if (type === 'response.output_text.delta' && typeof delta === 'string') return { text: delta };
      if (type === 'response.completed' || type === 'response.incomplete') return { ended: true };
      if (type === 'response.failed') return { error: response?.error?.message ?? 'it failed' };
      return type === 'error' ? { error: error?.message ?? 'an error' } : {};
    },
  },
  messages: {
    path: '/messages',
    headers: (key) => ({ ...bearer(key), 'anthropic-version': '2023-06-01' }),
    body: (model) => ({
      model,
      stream: true,
      max_tokens: mostTokens,
      messages: [{ role: 'user', content: prompt }],
    }),
    read: ({ type, delta, error }) => {
      if (type === 'content_block_delta' && typeof delta === 'object' && delta.text)
        return { text: delta.text };
      if (type === 'message_stop') return { ended: true };
      return type === 'error' ? { error: error?.message ?? 'an error' } : {};
    },
  },
};
