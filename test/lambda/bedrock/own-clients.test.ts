import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as sdkBedrock from '@aws-sdk/client-bedrock-runtime';
import * as sdkSecrets from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { faultOf } from '../../../lambda/backends/errors/fault.ts';
import { WireProtocol } from '../../../lambda/bedrock/operations.ts';
import * as ownBedrock from '../../../lambda/bedrock/runtime-client.ts';
import * as ownSecrets from '../../../lambda/bedrock/secrets-manager.ts';
import { bedrockToken } from '../../../lambda/bedrock/sign-in.ts';
import { withoutCredentials } from '../../support/no-credentials.ts';

/** The clients of the bundle and the SDK's own, on one server: what they send and what they make of its answers. */
type Answer = (response: ServerResponse) => void;
interface Seen {
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

let url: string;
let answer: Answer;
let seen: Seen[];
const server = createServer(async (request, response) => {
  seen.push({ url: request.url, headers: stable(request), body: await textOf(request) });
  answer(response);
});

beforeEach(async () => {
  seen = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', `${url}/base/`);
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'gateway');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-2-3');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}

/** Without what differs between two calls of one client, or says who it is. */
function stable({ headers }: IncomingMessage): Record<string, unknown> {
  const { authorization, ...rest } = headers;
  const differing = [
    'x-amz-date',
    'amz-sdk-invocation-id',
    'amz-sdk-request',
    'user-agent',
    'x-amz-user-agent',
  ];
  for (const name of [...differing, 'connection']) delete rest[name];
  // The region and service that it is signed for; the signed headers are tested with a server that checks them.
  return { ...rest, signed: /Credential=AKIA\/\d+\/([^,]+)/.exec(authorization ?? '')?.[1] };
}

const settings = () => ({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' },
  requestHandler: new NodeHttpHandler(),
  customUserAgent: 'bedrock-gateway',
  maxAttempts: 1,
});

/** One call made by both clients: what each sent, and what came back. */
async function both(call: (sdk: boolean) => Promise<unknown>) {
  const outcome = (sdk: boolean) => call(sdk).catch((error: unknown) => faultOf(error) ?? error);
  const results = [await outcome(false), await outcome(true)];
  return { sent: seen, results };
}

describe('the client of Bedrock’s runtime', () => {
  const roomOf = (sdk: boolean) => (sdk ? sdkBedrock : (ownBedrock as unknown as typeof sdkBedrock));
  const client = (sdk: boolean) => {
    const Client = roomOf(sdk).BedrockRuntimeClient as typeof sdkBedrock.BedrockRuntimeClient;
    return new Client({ ...settings(), protocol: WireProtocol as never });
  };
  const modelId = "arn:aws:bedrock:eu-west-1:1:imported-model/a(b)'";
  const input = { modelId, wireBody: { messages: [] } } as never;

  test.each(['ConverseCommand', 'ConverseStreamCommand'] as const)('%s: the same request', async (name) => {
    answer = (response) => response.end('{}');
    const { sent } = await both((sdk) => client(sdk).send(new (roomOf(sdk)[name])(input) as never));
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]).toMatchObject({
      headers: { 'x-amzn-trace-id': 'Root=1-2-3', signed: 'eu-west-1/bedrock/aws4_request' },
    });
    expect(sent[0]?.url).toMatch(/^\/base\/model\/arn%3Aaws.*imported-model%2Fa%28b%29%27\/converse/);
  });

  test.each(['InvokeModelCommand', 'InvokeModelWithResponseStreamCommand'] as const)(
    '%s: the same request',
    async (name) => {
      answer = (response) => response.end('{}');
      const body = Buffer.from('{"prompt":"é"}');
      const invoke = {
        modelId,
        body,
        contentType: 'application/json',
        accept: 'application/json',
        trace: 'ENABLED',
      } as never;
      const { sent } = await both((sdk) => client(sdk).send(new (roomOf(sdk)[name])(invoke) as never));
      expect(sent[0]).toEqual(sent[1]);
    },
  );

  test('CountTokensCommand: the same request', async () => {
    answer = (response) => response.end('{}');
    const wireBody = { input: { invokeModel: { body: 'e30=' } } };
    const count = { modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0', wireBody } as never;
    const { sent } = await both((sdk) => client(sdk).send(new (roomOf(sdk).CountTokensCommand)(count)));
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]).toMatchObject({
      url: '/base/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/count-tokens',
      body: '{"input":{"invokeModel":{"body":"e30="}}}',
    });
  });

  test('ApplyGuardrailCommand: the same request', async () => {
    answer = (response) => response.end('{}');
    const apply = {
      guardrailIdentifier: 'arn:aws:bedrock:eu-west-1:1:guardrail/abc',
      guardrailVersion: 'DRAFT',
      wireBody: { source: 'INPUT', content: [{ text: { text: 'é' } }] },
    } as never;
    const { sent } = await both((sdk) => client(sdk).send(new (roomOf(sdk).ApplyGuardrailCommand)(apply)));
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]).toMatchObject({
      url: '/base/guardrail/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Aguardrail%2Fabc/version/DRAFT/apply',
      body: '{"source":"INPUT","content":[{"text":{"text":"é"}}]}',
    });
    expect(Object.keys(sent[0]!.headers).filter((name) => name.includes('guardrail'))).toEqual([]);
  });

  test('a Bedrock API key alone: the same request again, without a signature', async () => {
    withoutCredentials();
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'ABSKkey');
    answer = (response) => response.end('{}');
    const { credentials: _, ...rest } = settings();
    const authorization: unknown[] = [];
    server.on('request', ({ headers }) => authorization.push(headers.authorization));
    const { sent } = await both((sdk) => {
      const Client = roomOf(sdk).BedrockRuntimeClient as typeof sdkBedrock.BedrockRuntimeClient;
      const preference = sdk && { token: bedrockToken, authSchemePreference: ['httpBearerAuth'] };
      const one = new Client({ ...rest, ...preference, protocol: WireProtocol as never });
      return one.send(new (roomOf(sdk).ConverseCommand)(input) as never);
    });
    expect(sent[0]).toEqual(sent[1]);
    expect(authorization).toEqual(['Bearer ABSKkey', 'Bearer ABSKkey']);
  });

  test('the same error, with what the server asked to wait', async () => {
    answer = (response) => {
      response.writeHead(429, {
        'x-amzn-errortype': 'ThrottlingException',
        'retry-after': '7',
        'x-amzn-requestid': 'r',
      });
      response.end('{"message":"Too many requests"}');
    };
    const { results } = await both((sdk) =>
      client(sdk).send(new (roomOf(sdk).ConverseCommand)(input) as never),
    );
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ name: 'ThrottlingException', retryAfterMs: 7000, requestId: 'r' });
  });

  test('an aborted call ends with an AbortError', async () => {
    const abort = new AbortController();
    answer = () => abort.abort();
    const call = (sdk: boolean) =>
      client(sdk).send(new (roomOf(sdk).ConverseCommand)(input) as never, {
        abortSignal: abort.signal,
      });
    await expect(call(false)).rejects.toMatchObject({ name: 'AbortError' });
    await expect(call(true)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the client of Secrets Manager', () => {
  test('takes no Bedrock API key', async () => {
    withoutCredentials();
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'ABSKkey');
    const { credentials: _, ...rest } = settings();
    const sent = new ownSecrets.SecretsManagerClient(rest).send(new ownSecrets.GetSecretValueCommand({}));
    await expect(sent).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });

  const get = (sdk: boolean, more: object = {}) => {
    const room = (sdk ? sdkSecrets : ownSecrets) as typeof sdkSecrets;
    const command = new room.GetSecretValueCommand({ SecretId: 'arn', VersionStage: 'AWSCURRENT' });
    return new room.SecretsManagerClient({ ...settings(), ...more }).send(command);
  };
  const json =
    (status: number, body: object): Answer =>
    (response) =>
      void response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(body));

  test('the same request and the same value', async () => {
    answer = json(200, { SecretString: 'text', SecretBinary: 'AAEC', CreatedDate: 1763700000.5 });
    const { sent, results } = await both(get);
    expect(sent[0]).toEqual(sent[1]);
    const [own, sdk] = results as sdkSecrets.GetSecretValueCommandOutput[];
    expect(own?.SecretString).toBe(sdk?.SecretString);
    expect(Buffer.from(own!.SecretBinary!)).toEqual(Buffer.from(sdk!.SecretBinary!));
    expect(own?.CreatedDate).toEqual(sdk?.CreatedDate);
  });

  test('a secret that does not exist is told apart, and not asked for again', async () => {
    answer = json(400, { __type: 'ResourceNotFoundException', message: 'no such secret' });
    await expect(get(false, { maxAttempts: 2 })).rejects.toBeInstanceOf(ownSecrets.ResourceNotFoundException);
    expect(seen).toHaveLength(1);
    await expect(get(true, { maxAttempts: 2 })).rejects.toBeInstanceOf(sdkSecrets.ResourceNotFoundException);
  });

  test.each([
    ['InternalServiceError', 500],
    ['ThrottlingException', 400],
  ])('%s is asked again, as often as the SDK does', async (name, status) => {
    answer = json(status, { __type: name, message: 'later' });
    await expect(get(false, { maxAttempts: 2 })).rejects.toMatchObject({ name });
    expect(seen).toHaveLength(2);
  });
});
