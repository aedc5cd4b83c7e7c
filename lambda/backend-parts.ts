import { type MeteredBackend, type MeteredNativeBackend, metered } from './accounting/meter.ts';
import { meteredNative } from './accounting/native-meter.ts';
import type { Backend, NativeBackend } from './backends/backend.ts';
import type { StreamLimits } from './backends/stream/limits.ts';
import type { BedrockClients } from './bedrock/clients.ts';
import type { NativeApi } from './canonical/native.ts';
import type { BackendKind } from './engine/run.ts';
import { once } from './once.ts';

/** The backends beside Converse's. */
export interface OtherBackends {
  backend(kind: Exclude<BackendKind, 'converse'>): Promise<MeteredBackend>;
  /** Of models that speak a client's own API. */
  native(api: NativeApi): Promise<MeteredNativeBackend>;
}

/** Each is put together when it is first asked for. */
export function createOtherBackends(
  clients: BedrockClients,
  options: StreamLimits | undefined,
  now: () => number,
): OtherBackends {
  const canonical = (load: () => Promise<Backend>) => once(async () => metered(await load(), now));
  const native = (load: () => Promise<NativeBackend>) => once(async () => meteredNative(await load(), now));
  const backends: Record<Exclude<BackendKind, 'converse'>, () => Promise<MeteredBackend>> = {
    invoke: canonical(async () => {
      const { createInvokeBackend } = await import('./backends/invoke/backend.ts');
      return createInvokeBackend(clients, options);
    }),
    responses: canonical(async () => {
      const { createTranslatedBackend } = await import('./backends/responses/translated.ts');
      return createTranslatedBackend(clients, options);
    }),
    mantle: canonical(async () => {
      const [{ createMantleBackend }, { createMantleClient }] = await Promise.all([
        import('./backends/mantle/backend.ts'),
        import('./bedrock/mantle-client.ts'),
      ]);
      return createMantleBackend(createMantleClient(clients), { ...options, now });
    }),
  };
  const natives: Record<NativeApi, () => Promise<MeteredNativeBackend>> = {
    messages: native(async () => {
      const { createMessagesBackend } = await import('./backends/messages/backend.ts');
      return createMessagesBackend(clients, options);
    }),
    responses: native(async () => {
      const { createResponsesBackend } = await import('./backends/responses/backend.ts');
      return createResponsesBackend(clients, options);
    }),
    chat: native(async () => {
      const { createChatBackend } = await import('./backends/chat/backend.ts');
      return createChatBackend(clients, options);
    }),
  };
  return { backend: (kind) => backends[kind](), native: (api) => natives[api]() };
}
