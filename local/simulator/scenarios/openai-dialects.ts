import { errorOf } from '../openai/error.ts';
import type { Dialect } from './dialect.ts';

/** What all server-sent events have in common. There are no lengths and checksums: damaged JSON stands for both. */
const serverSent: Omit<Dialect, 'isEnding' | 'unknownEvent' | 'unknownDelta' | 'firstDelta'> = {
  halfFrame: Buffer.from('data: {"type":"resp'),
  errorFrame: (message) =>
    Buffer.from(`data: ${JSON.stringify({ error: errorOf('InternalServerException', message) })}\n\n`),
  damaged: ({ event }, where) =>
    Buffer.from(where === 'content' ? `event: ${event}\ndata: {"type":\n\n` : `event ${event} data\n\n`),
  errorBody: (message) => ({ error: errorOf('InternalServerException', message) }),
  deltaOf: () => undefined,
  withDelta: (step) => step,
};

export const completions: Dialect = {
  ...serverSent,
  /** The finish reason, the usage and the mark of the end. */
  isEnding({ event, payload }) {
    const [choice] = (payload.choices ?? []) as { finish_reason?: unknown }[];
    return event === '[DONE]' || !choice || typeof choice.finish_reason === 'string';
  },
  unknownEvent: { event: 'chat.completion.thought', payload: { object: 'chat.completion.thought' } },
  unknownDelta: {
    event: 'chat.completion.chunk',
    payload: { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { hologram: { depth: 3 } } }] },
  },
  firstDelta: 1,
};

export const responses: Dialect = {
  ...serverSent,
  isEnding: ({ event }) => ['response.completed', 'response.incomplete', 'response.failed'].includes(event),
  unknownEvent: { event: 'response.thought', payload: { output_index: 0 } },
  unknownDelta: { event: 'response.hologram.delta', payload: { output_index: 0, delta: { depth: 3 } } },
  firstDelta: 3,
};
