import type { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * The handler, which after a connection has broken keeps none that is idle. Node uses the one that was used last: where
 * that was closed while the process was frozen or the machine asleep, so were the others, and each would cost an
 * attempt, of which there are three.
 */
export function keptConnections(handler: NodeHttpHandler): NodeHttpHandler {
  const handle = handler.handle.bind(handler);
  handler.handle = (...call) =>
    handle(...call).catch(async (error) => {
      (await import('./end-idle.ts')).endIdle(handler, error);
      throw error;
    });
  return handler;
}
