import { isObject } from '../../canonical/json.ts';
import type { ConverseEvent } from '../../canonical/types.ts';
import { FailedFrame } from '../errors/failed-frame.ts';
import type { BatchDecoder } from './batches.ts';
import { CorruptStream } from './corrupt-stream.ts';
import type { FrameHeaders } from './frame-headers.ts';
import { FrameDecoder } from './frames.ts';
import { cutTextDelta } from './text-delta.ts';

/** What makes an item of an event's name and JSON payload, a range of bytes; undefined: the event is passed over. */
export type ReadEvent<T> = (type: string, bytes: Buffer, start: number, end: number) => T | undefined;

/** The same where one event may make several items, or none, which it appends. */
export type ReadEvents<T> = (type: string, bytes: Buffer, start: number, end: number, items: T[]) => void;

/** The items in the frames of a body. Throws FailedFrame for exception and error frames, CorruptStream. */
export function eventDecoder<T>(readEvent: ReadEvent<T>, requestId: string | undefined): BatchDecoder<T> {
  return eventsDecoder((type, bytes, start, end, items) => {
    const item = readEvent(type, bytes, start, end);
    if (item !== undefined) items.push(item);
  }, requestId);
}

export function eventsDecoder<T>(readEvents: ReadEvents<T>, requestId: string | undefined): BatchDecoder<T> {
  let items: T[] = [];
  const frames = new FrameDecoder((headers, bytes, start, end) => {
    if (headers.messageType !== 'event')
      throw failedFrame(headers, bytes.toString('utf8', start, end), requestId);
    readEvents(headers.type, bytes, start, end, items);
  });
  return {
    push(chunk, into) {
      items = into;
      frames.push(chunk);
    },
    end: () => frames.end(),
  };
}

function failedFrame(headers: FrameHeaders, payload: string, requestId: string | undefined): FailedFrame {
  const { messageType, type, errorMessage: message } = headers;
  // Failures of the stream itself have `:error-code` and `:error-message`, and no payload.
  return new FailedFrame({ type, requestId, ...(messageType === 'exception' ? { payload } : { message }) });
}

/** The member that an event is there for, where the gateway reads one. */
const purposes: ReadonlyMap<string, string | undefined> = new Map([
  ['messageStart', undefined],
  ['contentBlockStart', 'start'],
  ['contentBlockDelta', 'delta'],
  ['contentBlockStop', undefined],
  ['messageStop', 'stopReason'],
  ['metadata', 'usage'],
]);

/**
 * An event of ConverseStream. `p` is padding against attacks that read tokens off the lengths of packets. What comes behind
 * this relies on what each event is there for: one that lacks it is passed over, or where nothing makes good for it the
 * stream is corrupt.
 */
export const readConverseEvent: ReadEvent<ConverseEvent> = (type, bytes, start, end) => {
  if (type === 'contentBlockDelta') {
    const delta = cutTextDelta(bytes, start, end);
    if (delta) return delta;
  }
  if (!purposes.has(type)) return undefined;
  const event: unknown = JSON.parse(bytes.toString('utf8', start, end));
  if (!isObject(event) || !saysIt(type, event)) {
    if (type === 'contentBlockDelta' || type === 'messageStop')
      throw new CorruptStream(`a ${type} says nothing`);
    return undefined;
  }
  // Not `delete`, which costs as much as the parsing.
  event.p = undefined;
  return { [type]: event } as unknown as ConverseEvent;
};

function saysIt(type: string, event: Record<string, unknown>): boolean {
  const purpose = purposes.get(type);
  if (purpose === undefined) return true;
  return type === 'messageStop' ? typeof event[purpose] === 'string' : isObject(event[purpose]);
}
