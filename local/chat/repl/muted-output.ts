import { Writable } from 'node:stream';
import type { Output } from '../../io.ts';

/**
 * The terminal as the line editor has it: it can be made to write nothing while an answer is drawn, and still take
 * keys. What is typed then shows when it speaks again.
 */
export class MutedOutput extends Writable {
  muted = false;
  readonly isTTY = true;
  readonly #out: Output;

  constructor(out: Output) {
    super({ decodeStrings: false });
    this.#out = out;
    out.on?.('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.#out.columns || 80;
  }

  get rows(): number {
    return this.#out.rows || 24;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.muted) this.#out.write(String(chunk));
    done();
  }
}
