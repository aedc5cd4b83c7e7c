import type { ConverseEvent } from '../../canonical/types.ts';
import { faultError } from '../errors/call-error.ts';
import { exceptionName, faultOfFrame } from '../errors/fault.ts';
import type { ErrorContext } from '../errors/row.ts';
import type { BatchDecoder } from './batches.ts';
import type { FrameHeaders } from './frame-headers.ts';
import { FrameDecoder } from './frames.ts';
import { cutTextDelta } from './text-delta.ts';

/** What makes an item of an event's name and JSON payload, a range of bytes; undefined: the event is passed over. */
export type ReadEvent<T> = (type: string, bytes: Buffer, start: number, end: number) => T | undefined;

/** The items in the frames of a body. Throws ApiError for exception and error frames, CorruptStream. */
export function eventDecoder<T>(
  readEvent: ReadEvent<T>,
  context: ErrorContext & { requestId?: string },
): BatchDecoder<T> {
  let items: T[] = [];
  const frames = new FrameDecoder((headers, bytes, start, end) => {
    if (headers.messageType !== 'event')
      throw frameError(headers, bytes.toString('utf8', start, end), context);
    const item = readEvent(headers.type, bytes, start, end);
    if (item !== undefined) items.push(item);
  });
  return {
    push(chunk, into) {
      items = into;
      frames.push(chunk);
    },
    end: () => frames.end(),
  };
}

function frameError(headers: FrameHeaders, payload: string, context: ErrorContext & { requestId?: string }) {
  const { messageType, type, errorMessage } = headers;
  if (messageType === 'exception') return faultError(faultOfFrame(type, payload, context.requestId), context);
  // Failures of the stream itself: `:error-code` and `:error-message`, no payload.
  const fault = { name: exceptionName(type), message: errorMessage, requestId: context.requestId };
  return faultError(fault, context);
}

const converseEvents: ReadonlySet<string> = new Set([
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
]);

/** An event of ConverseStream. `p` is padding against attacks that read tokens off the lengths of packets. */
export const readConverseEvent: ReadEvent<ConverseEvent> = (type, bytes, start, end) => {
  if (type === 'contentBlockDelta') {
    const delta = cutTextDelta(bytes, start, end);
    if (delta) return delta;
  }
  if (!converseEvents.has(type)) return undefined;
  const event = JSON.parse(bytes.toString('utf8', start, end)) as { p?: string };
  // Not `delete`, which costs as much as the parsing.
  event.p = undefined;
  return { [type]: event } as unknown as ConverseEvent;
};
