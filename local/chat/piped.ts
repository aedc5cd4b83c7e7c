import { UsageError } from '../commands/command.ts';
import type { Input } from '../io.ts';

/** More than any model reads. */
const mostBytes = 20_000_000;

/** What is piped in, as text. undefined: nothing is. */
export async function readPiped(stdin: Input | undefined): Promise<string | undefined> {
  if (!stdin || stdin.isTTY) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > mostBytes) throw new UsageError(`What is piped in has more than ${mostBytes} bytes.`);
    chunks.push(piece);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text.trim() === '' ? undefined : text;
}

/** The message first, then what it is about. */
export const joined = (message: string | undefined, piped: string | undefined): string | undefined =>
  message !== undefined && piped !== undefined ? `${message}\n\n${piped}` : (message ?? piped);
