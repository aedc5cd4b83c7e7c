import { afterEach, expect, test, vi } from 'vitest';
import { createChatBackend } from '../../../lambda/backends/chat/backend.ts';
import { createMantleBackend } from '../../../lambda/backends/mantle/backend.ts';
import { createMessagesBackend } from '../../../lambda/backends/messages/backend.ts';
import { createResponsesBackend } from '../../../lambda/backends/responses/backend.ts';
import { createTranslatedBackend } from '../../../lambda/backends/responses/translated.ts';
import type { BedrockClients } from '../../../lambda/bedrock/clients.ts';
import { createMantleClient } from '../../../lambda/bedrock/mantle-client.ts';
import type { NativeApi } from '../../../lambda/canonical/native.ts';
import { call, fakeBedrock, sendJson, testClients } from './fake-bedrock.ts';

/** Each way to ask for a stream that Bedrock may answer with JSON and a status of 200. */

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

const native = (api: NativeApi) => ({
  ...call(),
  native: { api, body: {}, betas: [], settings: {} } as never,
});
test.each<[string, (clients: BedrockClients) => Promise<unknown>]>([
  ['Messages', (clients) => createMessagesBackend(clients).stream(native('messages'))],
  ['Responses', (clients) => createResponsesBackend(clients).stream(native('responses'))],
  ['Responses, translated', (clients) => createTranslatedBackend(clients).stream(call())],
  ['Chat Completions', (clients) => createChatBackend(clients).stream(native('chat'))],
  [
    'bedrock-mantle',
    (clients) => createMantleBackend(createMantleClient(clients), { now: Date.now }).stream(call()),
  ],
])('%s: it is no stream, and keeps no connection', async (_, stream) => {
  server = await fakeBedrock((request, response) => {
    request.resume();
    // More than the buffers on the way hold: a connection with less is closed by its other end.
    sendJson(response, 200, { message: 'x'.repeat(5_000_000) });
  });
  const { url, open } = server;
  vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_MANTLE', url);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  await expect(stream(testClients(url))).rejects.toMatchObject({ status: 502, code: 'bad_gateway' });
  await expect.poll(open).toBe(0);
});
