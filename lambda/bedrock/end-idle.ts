import type { NodeHttpHandler } from '@smithy/node-http-handler';

/** How a connection breaks that the other end has closed, as Node names it. */
const broken: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Ends the connections that a handler keeps and nobody uses, if a call has failed because its own was broken. */
export function endIdle(handler: NodeHttpHandler, error: unknown): void {
  if (!(error instanceof Error && 'code' in error && broken.has(error.code))) return;
  const { httpAgent, httpsAgent } = handler.httpHandlerConfigs();
  for (const agent of [httpAgent, httpsAgent]) {
    const kept = agent && 'freeSockets' in agent ? Object.values(agent.freeSockets) : [];
    // A list of its own, because each leaves the agent's as it ends.
    for (const socket of kept.flatMap((sockets = []) => sockets)) socket.destroy();
  }
}
