import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readText, sendCommand } from '../../../lambda/backends/call.ts';
import { faultOf } from '../../../lambda/backends/errors/fault.ts';
import { type BedrockClients, createClients } from '../../../lambda/bedrock/clients.ts';
import { WireProtocol } from '../../../lambda/bedrock/operations.ts';
import {
  answer,
  call,
  fakeBedrock,
  readBody,
  sendJson,
  testClients,
  testCredentials,
} from '../backends/fake-bedrock.ts';

/** If one of these fails after an update of the SDK, what it asks of a protocol has changed: read it again. */
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

  test('the same request as the SDK’s own protocol sends', async () => {
    const request = {
      messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
      inferenceConfig: { maxTokens: 5, temperature: 0.5 },
      additionalModelRequestFields: { top_k: 3 },
    };
    const modelId = "arn:aws:bedrock:us-east-1:1:imported-model/a(b)'*";
    const invoke = {
      modelId,
      body: Buffer.from('{"prompt":"Hi"}'),
      contentType: 'application/json',
      accept: 'application/json',
      trace: 'ENABLED' as const,
      guardrailIdentifier: 'g1',
      guardrailVersion: 'DRAFT',
      performanceConfigLatency: 'optimized' as const,
      serviceTier: 'flex' as const,
      requestMetadata: '{"team":"a"}',
    };
    const own = { modelId, wireBody: request } as unknown as ConverseCommandInput;
    const sdk = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: server.url,
      credentials: testCredentials,
      requestHandler: new NodeHttpHandler(),
    });
    const sent = async (send: () => Promise<unknown>) => {
      await send();
      return { url: seen!.url, body: JSON.parse(seen!.body), headers: stable(seen!.headers) };
    };
    expect(await sent(() => sendCommand(clients, new ConverseCommand(own), call()))).toEqual(
      await sent(() => sdk.send(new ConverseCommand({ modelId, ...request }))),
    );
    expect(await sent(() => sendCommand(clients, new InvokeModelCommand(invoke), call()))).toEqual(
      await sent(() => sdk.send(new InvokeModelCommand(invoke))),
    );
    sdk.destroy();
  });

  test('an error is thrown as the SDK’s own protocol throws it', async () => {
    await server.close();
    const bodies = [
      [{ 'x-amzn-errortype': 'ThrottlingException:http://x' }, '{"message":"slow"}'],
      [{}, '{"__type":"com.amazon#ValidationException","Message":"no"}'],
      [
        { 'x-amzn-errortype': 'ModelErrorException' },
        '{"message":"m","originalStatusCode":400,"originalMessage":"o"}',
      ],
      [{}, '{"code":"NobodyKnowsException"}'],
      [{}, ''],
    ] as const;
    for (const [headers, body] of bodies) {
      server = await fakeBedrock(async (request, response) => {
        await readBody(request);
        response.writeHead(429, { 'x-amzn-requestid': 'r', ...headers }).end(body);
      });
      const options = { endpoint: server.url, credentials: testCredentials };
      const own = createClients(options);
      const sdk = new BedrockRuntimeClient({
        ...options,
        region: 'us-east-1',
        maxAttempts: 1,
        requestHandler: new NodeHttpHandler(),
      });
      const command = new ConverseCommand({ modelId: 'm', messages: [] });
      const failure = async (client: BedrockRuntimeClient) => {
        const error = await client.send(command).catch((thrown: unknown) => thrown);
        return faultOf(error);
      };
      expect(await failure(own.client('us-east-1'))).toEqual(await failure(sdk));
      own.close();
      sdk.destroy();
      await server.close();
    }
    server = await fakeBedrock(() => {});
  });
});

/** Without what differs from call to call. */
function stable(headers: Record<string, unknown>) {
  const { authorization, host, ...rest } = headers;
  for (const name of [
    'x-amz-date',
    'amz-sdk-invocation-id',
    'amz-sdk-request',
    'user-agent',
    'x-amz-user-agent',
  ]) {
    delete rest[name];
  }
  return { ...rest, signed: String(authorization).replace(/Credential=[^,]+|Signature=.*/g, '') };
}
