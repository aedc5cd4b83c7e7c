import { GatewayError } from '../errors.ts';
import { batchBounds } from './bounds.ts';

export interface Line {
  /** From 1, empty lines counted. */
  number: number;
  text: string;
}

const lineFeed = 0x0a;

/**
 * The lines of a JSONL file that have something in them, as they come. Each byte is looked at once, however the stream is
 * cut. Throws a 413 for a line or a file that is too long.
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  most: number = batchBounds.inputBytes,
  mostOfLine: number = batchBounds.lineBytes,
): AsyncGenerator<Line, void> {
  let number = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let all = 0;
  const take = (piece: Uint8Array): Line | undefined => {
    const bytes = heldBytes === 0 ? piece : Buffer.concat([...held, piece]);
    held = [];
    heldBytes = 0;
    number += 1;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const plain = number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
    return plain.trim() === '' ? undefined : { number, text: plain };
  };
  for await (const chunk of stream) {
    all += chunk.length;
    if (all > most) throw tooLarge(`The input has more than ${most} bytes`);
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const line = take(chunk.subarray(from, at));
      if (line) yield line;
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length === 0) continue;
    heldBytes += rest.length;
    if (heldBytes > mostOfLine) throw tooLarge(`Line ${number + 1} has more than ${mostOfLine} bytes`);
    held.push(rest);
  }
  if (heldBytes === 0) return;
  const line = take(new Uint8Array());
  if (line) yield line;
}

export function tooLarge(what: string): GatewayError {
  return new GatewayError({
    status: 413,
    reason: 'bad_request',
    code: 'request_too_large',
    message: `${what}, the most that a batch may have.`,
  });
}
