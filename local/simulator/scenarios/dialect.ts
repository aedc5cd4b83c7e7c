import { encodeError, encodeEvent } from '../event-stream.ts';
import type { Call, Step } from '../operation.ts';
import { chunk } from '../reply.ts';
import { completions, responses } from './openai-dialects.ts';

export type EventStep = Extract<Step, { event: string }>;

/**
 * How a stream spells what the scenarios do to it: ConverseStream has events, InvokeModel chunks of a model's JSON,
 * OpenAI's paths have server-sent events.
 */
export interface Dialect {
  /** The events without which an answer is not complete. */
  isEnding(step: EventStep): boolean;
  /** The beginning of a frame. */
  halfFrame: Buffer;
  /** An error that no exception of Bedrock is. */
  errorFrame(message: string): Buffer;
  /** An event that did not arrive as it was sent: in its content, or in what a reader needs before. */
  damaged(step: EventStep, where: 'content' | 'prelude'): Buffer;
  /** What a success says that is none. */
  errorBody(message: string): object;
  unknownEvent: Step;
  unknownDelta: Step;
  /** The number of the first event before which a delta may stand. */
  firstDelta: number;
  /** The delta of a step, and a step like it with another. */
  deltaOf(step: EventStep): Record<string, unknown> | undefined;
  withDelta(step: EventStep, delta: object): Step;
}

/** What all frames of AWS's event stream have in common. */
const eventStream = {
  errorFrame: (message: string) => encodeError('InternalFailure', message),
  damaged({ event, payload }: EventStep, where: 'content' | 'prelude') {
    const bytes = encodeEvent(event, payload);
    const at = where === 'content' ? bytes.length - 1 : 8;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    return bytes;
  },
  errorBody: (message: string) => ({ message }),
};

const converse: Dialect = {
  ...eventStream,
  isEnding: ({ event }) => ['messageStop', 'metadata'].includes(event),
  halfFrame: encodeEvent('contentBlockDelta', { contentBlockIndex: 0 }).subarray(0, 40),
  unknownEvent: { event: 'contentBlockThought', payload: { contentBlockIndex: 0 } },
  unknownDelta: {
    event: 'contentBlockDelta',
    payload: { contentBlockIndex: 0, delta: { hologram: { depth: 3 } } },
  },
  firstDelta: 1,
  deltaOf: ({ payload }) => payload.delta as Record<string, unknown> | undefined,
  withDelta: (step, delta) => ({ ...step, payload: { ...step.payload, delta } }),
};

/** Claude's events; the endings are Nova's too. */
const native: Dialect = {
  ...eventStream,
  isEnding(step) {
    const event = nativeOf(step);
    const ends = ['message_delta', 'message_stop'].includes(String(event.type));
    return ends || 'messageStop' in event || 'metadata' in event;
  },
  halfFrame: encodeEvent('chunk', { bytes: '' }).subarray(0, 40),
  unknownEvent: chunk({ type: 'content_block_thought', index: 0 }),
  unknownDelta: chunk({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'hologram_delta', depth: 3 },
  }),
  // A block begins with an event of its own.
  firstDelta: 2,
  deltaOf: (step) => nativeOf(step).delta as Record<string, unknown> | undefined,
  withDelta: (step, delta) => chunk({ ...nativeOf(step), delta }),
};

function nativeOf({ payload }: EventStep): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(payload.bytes), 'base64').toString('utf8'));
}

const dialects: Partial<Record<Call['operation'], Dialect>> = {
  'invoke-with-response-stream': native,
  'chat-completions': completions,
  responses,
};

export const dialectOf = ({ operation }: Call): Dialect => dialects[operation] ?? converse;
