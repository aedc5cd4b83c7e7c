import { startSimulator } from '../simulator/index.ts';

/** A simulator in a process of its own: `measure` answers with what is open. */
const simulator = await startSimulator();

process.on('message', async (message) => {
  if (message === 'close') {
    await simulator.close();
    process.disconnect();
    return;
  }
  const running = simulator.calls.filter(({ done }) => !done).length;
  process.send?.({ connections: simulator.openConnections(), running });
});
process.send?.({ url: simulator.url });
