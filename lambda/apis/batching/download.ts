import type { Context } from 'hono';
import { toGatewayError } from '../../errors.ts';
import { PullStream } from '../../streams/readable.ts';
import type { Receiver, Source } from '../../streams/source.ts';
import { Response as LeanResponse } from '../../web/response.ts';
import type { GatewayEnv } from '../shared/env.ts';

/** Whether the client wants to know of a file and not to have it: nothing is read for that, and nothing metered. */
export const isHead = (c: Context<GatewayEnv>): boolean => c.get('isHead');

/**
 * A file that is made while it is read: each piece when the client has room for it. What goes wrong before the first piece
 * is an error like any other; after that the connection is broken off, because half a file that ends in order would pass
 * for a whole one.
 */
export async function download(
  c: Context<GatewayEnv>,
  pieces: AsyncGenerator<string | Uint8Array, void>,
  headers: Record<string, string>,
): Promise<Response> {
  if (isHead(c)) return c.body(null, 200, headers);
  const first = await pieces.next();
  const end = c.get('keepOpen')();
  const { trace } = c.get('request');
  const ended = (complete: boolean, error?: unknown) => {
    if (error !== undefined) trace.fail(toGatewayError(error));
    end(complete);
  };
  const body = new PullStream(new Pieces(pieces, first, ended));
  return new LeanResponse(body, { headers }) as unknown as Response;
}

/** Bytes that go out at once: lines are mostly shorter than it pays to send alone. */
const enough = 1 << 16;

class Pieces implements Source<Uint8Array> {
  readonly #pieces: AsyncGenerator<string | Uint8Array, void>;
  readonly #end: (complete: boolean, error?: unknown) => void;
  #next: IteratorResult<string | Uint8Array, void> | undefined;

  constructor(
    pieces: AsyncGenerator<string | Uint8Array, void>,
    first: IteratorResult<string | Uint8Array, void>,
    end: (complete: boolean, error?: unknown) => void,
  ) {
    this.#pieces = pieces;
    this.#next = first;
    this.#end = end;
  }

  pull(receiver: Receiver<Uint8Array>): void {
    this.#take().then(
      (bytes) => {
        if (bytes) receiver.onItem(bytes, false);
        else {
          this.#end(true);
          receiver.onEnd();
        }
      },
      (error: unknown) => {
        this.#end(false, error);
        receiver.onError(error);
      },
    );
  }

  cancel(): void {
    this.#end(false);
    void this.#pieces.return().catch(() => {});
  }

  async #take(): Promise<Uint8Array | undefined> {
    const taken: Buffer[] = [];
    let bytes = 0;
    while (bytes < enough) {
      const next = this.#next ?? (await this.#pieces.next());
      this.#next = next.done ? next : undefined;
      if (next.done) break;
      const piece = Buffer.from(next.value as Uint8Array);
      taken.push(piece);
      bytes += piece.length;
    }
    return bytes === 0 ? undefined : Buffer.concat(taken);
  }
}
