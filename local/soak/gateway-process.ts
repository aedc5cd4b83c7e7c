import { readConfig } from '../../lambda/config.ts';
import { createGateway } from '../../lambda/gateway.ts';
import { startServer } from '../server.ts';

/** A gateway in a process of its own: `measure` answers with what it holds, `close` ends it in good order. */
const config = readConfig(process.env);
const gateway = createGateway({ config, timeouts: { streamStallMs: 2000 } });
const server = await startServer(gateway.fetch, 0);

process.on('message', async (message) => {
  if (message === 'close') {
    await server.close();
    await gateway.close();
    process.disconnect();
    return;
  }
  global.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string) => resources.filter((each) => each === kind).length;
  process.send?.({ rss, heapUsed, external, sockets: count('TCPSocketWrap'), timers: count('Timeout') });
});
process.send?.({ url: server.url.replace('localhost', '127.0.0.1') });
