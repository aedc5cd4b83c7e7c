import { CorruptStream } from './corrupt-stream.ts';

/** The headers of a frame that have a meaning for Bedrock. */
export interface FrameHeaders {
  /** `event`, `exception` or `error`. */
  messageType: string;
  /** `:event-type` of an event, `:exception-type` of an exception, `:error-code` of an error. */
  type: string;
  /** `:error-message` of an error. */
  errorMessage: string;
}

interface Known {
  bytes: Buffer;
  headers: FrameHeaders;
}

/** Bedrock uses nine different header blocks; more are a stream that makes them up. */
const maxKnown = 16;

/** Reads header blocks, and each different one only once: those of all deltas are the same bytes. */
export class HeaderReader {
  readonly #known: Known[] = [];
  #last: Known | undefined;

  read(bytes: Buffer, start: number, end: number): FrameHeaders {
    if (!this.#last || !isSame(this.#last.bytes, bytes, start, end)) {
      this.#last = this.#known.find((each) => isSame(each.bytes, bytes, start, end));
    }
    this.#last ??= this.#parse(bytes, start, end);
    return this.#last.headers;
  }

  #parse(bytes: Buffer, start: number, end: number): Known {
    const known = {
      bytes: Buffer.from(bytes.subarray(start, end)),
      headers: parseHeaders(bytes, start, end),
    };
    if (this.#known.length < maxKnown) this.#known.push(known);
    return known;
  }
}

const isSame = (known: Buffer, bytes: Buffer, start: number, end: number): boolean =>
  bytes.compare(known, 0, known.length, start, end) === 0;

/** Bytes of a value by its type; -1: a length of two bytes comes first. */
const valueLength = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const stringType = 7;

function parseHeaders(bytes: Buffer, start: number, end: number): FrameHeaders {
  const found: Record<string, string> = {};
  let at = start;
  while (at < end) {
    const nameEnd = at + 1 + bytes[at]!;
    const type = bytes[nameEnd] ?? -1;
    const fixed = valueLength[type];
    const valueStart = nameEnd + (fixed === -1 ? 3 : 1);
    if (fixed === undefined || valueStart > end) throw malformed();
    const valueEnd = valueStart + (fixed === -1 ? bytes.readUInt16BE(nameEnd + 1) : fixed);
    if (valueEnd > end) throw malformed();
    if (type === stringType) {
      found[bytes.toString('latin1', at + 1, nameEnd)] = bytes.toString('utf8', valueStart, valueEnd);
    }
    at = valueEnd;
  }
  return {
    messageType: found[':message-type'] ?? 'event',
    type: found[':event-type'] ?? found[':exception-type'] ?? found[':error-code'] ?? '',
    errorMessage: found[':error-message'] ?? '',
  };
}

function malformed(): CorruptStream {
  return new CorruptStream('the headers of a frame are malformed');
}
