import { CorruptStream } from './corrupt-stream.ts';
import { maxFrameLength } from './frames.ts';

const lineFeed = 0x0a;

/**
 * Decoder of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), one per stream: bytes
 * go in as they come, cut anywhere; the data of each complete event is handed to `onData`. Names of events, ids and
 * comments are passed over: OpenAI says the type in the data too. Throws CorruptStream for an event without an end.
 */
export class ServerSentDecoder {
  readonly #onData: (data: string) => void;
  /** Of a line that has not ended. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #data: string[] = [];
  #dataLength = 0;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  push(chunk: Buffer): void {
    // A line feed is never a part of another character, so whole lines are whole texts.
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      const lines = this.#restBytes > 0 ? Buffer.concat([...this.#rest, whole]) : whole;
      this.#rest = [];
      this.#restBytes = 0;
      this.#readLines(lines.toString());
    }
    if (end < chunk.length) {
      this.#rest.push(Buffer.from(chunk.subarray(end)));
      this.#restBytes += chunk.length - end;
      bounded(this.#restBytes);
    }
  }

  #readLines(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#readLine(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end));
      start = end + 1;
    }
  }

  #readLine(line: string): void {
    if (line.startsWith('data:')) {
      this.#dataLength += line.length;
      bounded(this.#dataLength);
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    } else if (line === '' && this.#data.length > 0) {
      const data = this.#data.join('\n');
      this.#data = [];
      this.#dataLength = 0;
      this.#onData(data);
    }
  }
}

function bounded(length: number): void {
  if (length > maxFrameLength) throw new CorruptStream('an event of the stream does not end');
}
