import { UsageError } from '../commands/command.ts';
import type { Input, Io } from '../io.ts';

/** More than any model reads. */
const mostBytes = 20_000_000;

/** Milliseconds after which it is said what is waited for: a program may have left its pipe open. */
const saidAfterMs = 3000;

/** What is piped in, as text. undefined: nothing is. */
export async function readPiped({ stdin, stderr }: Io): Promise<string | undefined> {
  if (!stdin || stdin.isTTY) return undefined;
  const timer = setTimeout(
    () => stderr.write('Reading standard input to its end (< /dev/null says that there is none) …\n'),
    saidAfterMs,
  );
  try {
    return await readAll(stdin);
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(stdin: Input): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > mostBytes) throw new UsageError(`What is piped in has more than ${mostBytes} bytes.`);
    chunks.push(piece);
  }
  const text = asText(Buffer.concat(chunks));
  return text.trim() === '' ? undefined : text;
}

/** Without the mark that some programs of Windows put before a text. */
function asText(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new UsageError(
    'What is piped in is no text in UTF-8. Images and documents are sent with --attach <file>.',
  );
}

/** The message first, then what it is about. */
export const joined = (message: string | undefined, piped: string | undefined): string | undefined =>
  message?.trim() && piped !== undefined ? `${message}\n\n${piped}` : (piped ?? message);
