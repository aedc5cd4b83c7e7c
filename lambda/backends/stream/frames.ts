import { crc32 } from 'node:zlib';
import { CorruptStream } from './corrupt-stream.ts';
import { type FrameHeaders, HeaderReader } from './frame-headers.ts';

/**
 * Decoder of AWS's event stream encoding (application/vnd.amazon.eventstream), one per stream:
 *
 *     total length 4 | headers length 4 | CRC of those 8 | headers | payload | CRC of all before 4
 *
 * Bytes go in as they come, cut anywhere; each complete frame is handed to `onFrame` at once, as a range of
 * a buffer that is only valid during the call. A frame that lies within one chunk is never copied, one that
 * does not is copied once. Throws CorruptStream.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html has the encoding in detail.
 */
export type OnFrame = (
  headers: FrameHeaders,
  bytes: Buffer,
  payloadStart: number,
  payloadEnd: number,
) => void;

const preludeLength = 12;
const overhead = 16;
/** Of a payload by the encoding's specification; Bedrock's own are at most 1 MB. */
export const maxFrameLength = 16 * 1024 * 1024;
const maxHeadersLength = 128 * 1024;

export class FrameDecoder {
  readonly #onFrame: OnFrame;
  readonly #headers = new HeaderReader();
  /** A frame that began in an earlier chunk: its prelude, then all of it. */
  #partial: Buffer | undefined;
  #filled = 0;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let at = this.#partial ? this.#fill(this.#partial, chunk) : 0;
    while (chunk.length - at >= preludeLength) {
      const length = chunk.readUInt32BE(at);
      // The checksum of a whole frame is that of its lengths too; those of another are checked before it is waited for.
      if (length < overhead || chunk.length - at < length) break;
      this.#emit(chunk, at, length);
      at += length;
    }
    if (at < chunk.length) this.#keep(chunk, at);
  }

  /** To be called when there are no more bytes. */
  end(): void {
    if (this.#partial) throw new CorruptStream('the stream ended inside a frame');
  }

  #keep(chunk: Buffer, at: number): void {
    const available = chunk.length - at;
    const length = available < preludeLength ? preludeLength : frameLength(chunk, at);
    this.#partial = Buffer.allocUnsafe(length);
    this.#filled = chunk.copy(this.#partial, 0, at);
  }

  /** Takes what the partial frame lacks from the chunk; returns how much that was. */
  #fill(partial: Buffer, chunk: Buffer): number {
    let frame = partial;
    let at = this.#take(frame, chunk, 0);
    if (this.#filled < frame.length) return at;
    if (frame.length === preludeLength) {
      frame = Buffer.allocUnsafe(frameLength(partial, 0));
      partial.copy(frame);
      this.#partial = frame;
      at += this.#take(frame, chunk, at);
      if (this.#filled < frame.length) return at;
    }
    this.#partial = undefined;
    this.#emit(frame, 0, frame.length);
    return at;
  }

  #take(frame: Buffer, chunk: Buffer, at: number): number {
    const taken = chunk.copy(frame, this.#filled, at);
    this.#filled += taken;
    return taken;
  }

  #emit(bytes: Buffer, at: number, length: number): void {
    const end = at + length - 4;
    if (crc32(bytes.subarray(at, end)) !== bytes.readUInt32BE(end)) {
      throw new CorruptStream('the checksum of a frame is wrong');
    }
    const payload = at + preludeLength + bytes.readUInt32BE(at + 4);
    if (payload > end) throw contradiction();
    this.#onFrame(this.#headers.read(bytes, at + preludeLength, payload), bytes, payload, end);
  }
}

/** The length of the frame whose complete prelude begins at `at`, checked before anything is allocated for it. */
function frameLength(bytes: Buffer, at: number): number {
  if (crc32(bytes.subarray(at, at + 8)) !== bytes.readUInt32BE(at + 8)) {
    throw new CorruptStream('the checksum of a frame’s lengths is wrong');
  }
  const length = bytes.readUInt32BE(at);
  const headers = bytes.readUInt32BE(at + 4);
  if (length > maxFrameLength + maxHeadersLength + overhead || headers > maxHeadersLength) {
    throw new CorruptStream(`a frame of ${length} bytes is larger than the encoding allows`);
  }
  if (length < overhead + headers) throw contradiction();
  return length;
}

const contradiction = () => new CorruptStream('the lengths of a frame contradict each other');
