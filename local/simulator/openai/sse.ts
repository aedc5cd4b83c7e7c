import { exceptionOfStream } from '../errors.ts';
import type { Framing, Reply, Step } from '../operation.ts';
import { errorOf } from './error.ts';

/** An event stream as browsers know it (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function sseReply(steps: Iterable<Step>, framing: Framing): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, steps, framing };
}

const record = (data: unknown, event?: string): Buffer =>
  Buffer.from(
    `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
  );

/** The last record of Chat Completions, which is no JSON. */
export const done: Step = { event: '[DONE]', payload: {} };

/** Chat Completions: chunks without names. How a throttle looks inside is not known; OpenAI's form is taken. */
export const chunkFraming: Framing = {
  event: (type, payload) => record(type === '[DONE]' ? type : payload),
  exception: (type, { message }) => record({ error: errorOf(exceptionOfStream(type), String(message)) }),
};

/** Responses: every event has a name and a number. */
export const eventFraming: Framing = {
  event: (type, payload, nth) => record({ type, sequence_number: nth, ...payload }, type),
  exception(type, { message: text }, nth) {
    const { message, code } = errorOf(exceptionOfStream(type), String(text));
    return record({ type: 'error', sequence_number: nth, code, message, param: null }, 'error');
  },
};
