import type { MeteredNativeBackend } from './accounting/meter.ts';
import { meteredNative } from './accounting/native-meter.ts';
import type { NativeBackend } from './backends/backend.ts';
import type { StreamLimits } from './backends/stream/limits.ts';
import type { BedrockClients } from './bedrock/clients.ts';
import type { NativeApi } from './canonical/native.ts';
import { once } from './once.ts';

type Create = (clients: BedrockClients, options?: StreamLimits) => NativeBackend;

const backends: Readonly<Record<NativeApi, () => Promise<Create>>> = {
  messages: async () => (await import('./backends/messages/backend.ts')).createMessagesBackend,
  responses: async () => (await import('./backends/responses/backend.ts')).createResponsesBackend,
  chat: async () => (await import('./backends/chat/backend.ts')).createChatBackend,
};

/** The backends of models that speak a client's own API, each put together when it is first asked for. */
export function createNativeBackends(
  clients: BedrockClients,
  options: StreamLimits | undefined,
  now: () => number,
): (api: NativeApi) => Promise<MeteredNativeBackend> {
  const metered = (load: () => Promise<Create>) =>
    once(async () => meteredNative((await load())(clients, options), now));
  const made = {
    messages: metered(backends.messages),
    responses: metered(backends.responses),
    chat: metered(backends.chat),
  };
  return (api) => made[api]();
}
