import type { Child } from '../child.ts';
import { chats, type Server } from '../client.ts';

/** Bytes of memory that a server has after 500 streams, and after ten thousand. */
export async function memoryGrowth(
  server: Server & Child,
): Promise<{ early: number; late: number } | undefined> {
  const rssAfter = async (streams: number) => {
    await chats(server, 'burst 20', streams, 8);
    return server.used('rss');
  };
  const early = await rssAfter(500);
  const late = await rssAfter(9500);
  return early === undefined || late === undefined ? undefined : { early, late };
}
