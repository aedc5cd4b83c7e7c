import { createServer } from 'node:net';

/**
 * A port of the loopback interface where nobody listens, and nobody who asks for any port will: those are given ports
 * from 32,768 on.
 */
export function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => freePort().then(resolve, reject));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}
