import {
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import { HttpBindingProtocol } from '@smithy/core/protocols';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readText, sendCommand } from '../../../lambda/backends/call.ts';
import type { BedrockClients } from '../../../lambda/backends/client.ts';
import { WireProtocol } from '../../../lambda/backends/wire-protocol.ts';
import { answer, call, fakeBedrock, readBody, sendJson, testClients } from './fake-bedrock.ts';

/** If one of these fails after an update of the SDK, what WireProtocol overrides has changed: read it again. */
describe('what WireProtocol leans on in the SDK', () => {
  let server: Awaited<ReturnType<typeof fakeBedrock>>;
  let clients: BedrockClients;
  let seen: { url?: string; body: string; headers: Record<string, unknown> } | undefined;

  beforeEach(async () => {
    server = await fakeBedrock(async (request, response) => {
      seen = { url: request.url, body: await readBody(request), headers: request.headers };
      sendJson(response, 200, answer, { 'X-Some-Header': 'x' });
    });
    clients = testClients(server.url);
  });
  afterEach(async () => {
    clients.close();
    await server.close();
  });

  test('a protocol is made of these methods', () => {
    expect(Object.getPrototypeOf(WireProtocol)).toBe(AwsRestJsonProtocol);
    expect(Object.getPrototypeOf(AwsRestJsonProtocol)).toBe(HttpBindingProtocol);
    for (const method of ['serializeRequest', 'deserializeResponse'] as const) {
      expect(Object.hasOwn(AwsRestJsonProtocol.prototype, method)).toBe(true);
      expect(AwsRestJsonProtocol.prototype[method]).toHaveLength(3);
    }
    expect(HttpBindingProtocol.prototype).toHaveProperty('deserializeMetadata');
  });

  test('the client takes its protocol from its settings', () => {
    expect(clients.client('us-east-1').config.protocol).toBeInstanceOf(WireProtocol);
  });

  test('the members of the path are serialised without the others, and the body is ours', async () => {
    const wireBody = { messages: [], somethingTheSchemaDoesNotKnow: 1 };
    const input = { modelId: 'a/b:1', wireBody } as unknown as ConverseCommandInput;
    await sendCommand(clients, new ConverseCommand(input), call());
    expect(seen).toMatchObject({ url: '/model/a%2Fb%3A1/converse', body: JSON.stringify(wireBody) });
    expect(seen?.headers['content-type']).toBe('application/json');
  });

  test('every 2xx is handed over unread, with its metadata and headers in lower case', async () => {
    const command = new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: '{}' });
    const answered = await sendCommand(clients, command, call());
    expect(answered.requestId).toBe('request-1');
    expect(answered.headers['x-some-header']).toBe('x');
    expect(JSON.parse(await readText(answered.body, call()))).toEqual(answer);
  });

  test('other operations keep the SDK’s serialisation', async () => {
    const command = new InvokeModelCommand({
      modelId: 'm',
      body: '{"prompt":"Hi"}',
      contentType: 'application/json',
      guardrailIdentifier: 'g1',
    });
    await sendCommand(clients, command, call());
    expect(seen).toMatchObject({ url: '/model/m/invoke', body: '{"prompt":"Hi"}' });
    expect(seen?.headers['x-amzn-bedrock-guardrailidentifier']).toBe('g1');
  });

  test('the same body as the SDK would send', async () => {
    const request = {
      messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
      inferenceConfig: { maxTokens: 5, temperature: 0.5 },
      additionalModelRequestFields: { top_k: 3 },
    };
    await sendCommand(clients, new ConverseCommand({ modelId: 'm', ...request }), call());
    const bySdk = JSON.parse(seen!.body);
    const input = { modelId: 'm', wireBody: request } as unknown as ConverseCommandInput;
    await sendCommand(clients, new ConverseCommand(input), call());
    expect(JSON.parse(seen!.body)).toEqual(bySdk);
  });
});
