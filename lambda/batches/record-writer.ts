import type { Bucket, Upload } from '../bedrock/s3.ts';

/** Bytes of one part; S3 takes 5 MiB or more, and ten thousand parts. */
const partBytes = 8 << 20;

/**
 * Writes an object line by line: in one request where it is small, in parts where it is not, so that no more than one part
 * is held. Nothing of it is there before `close`.
 */
export class RecordWriter {
  readonly #bucket: Bucket;
  readonly #key: string;
  #held: string[] = [];
  #heldBytes = 0;
  #upload: Upload | undefined;

  constructor(bucket: Bucket, key: string) {
    this.#bucket = bucket;
    this.#key = key;
  }

  async add(line: string): Promise<void> {
    this.#held.push(line, '\n');
    // At least one byte a unit, and at most three: a part is large enough in any case.
    this.#heldBytes += line.length + 1;
    if (this.#heldBytes < partBytes) return;
    this.#upload ??= await this.#bucket.upload(this.#key);
    await this.#upload.part(this.#take());
  }

  async close(): Promise<void> {
    if (!this.#upload) {
      await this.#bucket.put(this.#key, this.#take());
      return;
    }
    if (this.#heldBytes > 0) await this.#upload.part(this.#take());
    await this.#upload.complete();
  }

  async abandon(): Promise<void> {
    this.#take();
    await this.#upload?.abort();
  }

  #take(): Buffer {
    const bytes = Buffer.from(this.#held.join(''));
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }
}
