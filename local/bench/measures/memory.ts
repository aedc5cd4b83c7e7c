import type { Child } from '../child.ts';
import { chats, type Server } from '../client.ts';

/** Bytes of memory (RSS) that a server has. `early` and `late`: after 500 streams, and after ten thousand. */
export interface MemoryGrowth {
  /** After the first 500 of its life. */
  first: number;
  early: number;
  late: number;
}

/**
 * V8 lets its young generation grow with the number of collections, up to three times --max-semi-space-size: 105 MB
 * here. With one size from the start, what is measured is the server's.
 */
export const fixedYoungGeneration = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** Streams after which V8's compiler has what it needs: its threads keep 10 to 20 MB. */
const warmUp = 3000;

export async function memoryGrowth(server: Server & Child): Promise<MemoryGrowth> {
  const rssAfter = async (streams: number) => {
    await chats(server, 'burst 20', streams, 8);
    return (await server.used('rss')) ?? Number.NaN;
  };
  const first = await rssAfter(500);
  await rssAfter(warmUp - 500);
  return { first, early: await rssAfter(500), late: await rssAfter(9500) };
}
