import { afterEach, describe, expect, test, vi } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import { type BedrockClients, createClients } from '../../../lambda/bedrock/clients.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { withoutCredentials } from '../../support/no-credentials.ts';
import {
  answer,
  call,
  fakeBedrock,
  sendJson,
  testClients,
  testCredentials,
} from '../backends/fake-bedrock.ts';

const caller = (n: number) => ({
  accessKeyId: `ASIAIOSFODNN7EXAMP${n}`,
  secretAccessKey: `caller-secret-${n}`,
});
let clients: BedrockClients | undefined;

afterEach(() => {
  clients?.close();
  vi.unstubAllEnvs();
});

describe('the pool', () => {
  test('one client for each region and each caller', () => {
    clients = createClients();
    const own = clients.client('us-east-1');
    expect(clients.client('us-east-1')).toBe(own);
    expect(clients.client('eu-west-1')).not.toBe(own);
    const first = clients.client('us-east-1', caller(1));
    expect(first).not.toBe(own);
    expect(clients.client('us-east-1', { ...caller(1) })).toBe(first);
    expect(clients.client('us-east-1', { ...caller(1), sessionToken: 't' })).not.toBe(first);
    expect(clients.client('us-east-1', caller(2))).not.toBe(first);
  });

  test('is bounded: the client that was not used for longest goes', () => {
    clients = createClients({ maxClients: 2 });
    const own = clients.client('us-east-1');
    const first = clients.client('us-east-1', caller(1));
    clients.client('us-east-1');
    clients.client('us-east-1', caller(2));
    expect(clients.client('us-east-1')).toBe(own);
    expect(clients.client('us-east-1', caller(1))).not.toBe(first);
  });

  test('forgets credentials that are not used, and keeps the gateway’s own', () => {
    vi.useFakeTimers();
    try {
      clients = createClients({ idleMs: 1000, now: () => Date.now() });
      const own = clients.client('us-east-1');
      const first = clients.client('us-east-1', caller(1));
      vi.advanceTimersByTime(900);
      const second = clients.client('us-east-1', caller(2));
      vi.advanceTimersByTime(100);
      expect(clients.client('us-east-1', caller(2))).toBe(second);
      expect(clients.client('us-east-1', caller(1))).not.toBe(first);
      expect(clients.client('us-east-1')).toBe(own);
      vi.advanceTimersByTime(2000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each(['', 'evil.example.com/', 'us-east-1.evil.example', 'US-EAST-1'])(
    '%j is not a region',
    (region) => {
      clients = createClients();
      expect(() => clients?.client(region)).toThrow(GatewayError);
    },
  );
});

describe('the client', () => {
  test('signs with the caller’s credentials, and never with a bearer token from the environment', async () => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'stray-token');
    const seen: string[] = [];
    const server = await fakeBedrock((request, response) => {
      seen.push(String(request.headers.authorization));
      sendJson(response, 200, answer);
    });
    try {
      clients = testClients(server.url);
      const { send } = createConverseBackend(clients);
      await send(call());
      await send(call({ credentials: caller(1) }));
      expect(seen[0]).toContain(`AWS4-HMAC-SHA256 Credential=${testCredentials.accessKeyId}/`);
      expect(seen[1]).toContain(`AWS4-HMAC-SHA256 Credential=${caller(1).accessKeyId}/`);
      expect(server.connections()).toBe(1);
    } finally {
      await server.close();
    }
  });

  test('signs in with a Bedrock API key where there is nothing else', async () => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'ABSKonly');
    withoutCredentials();
    const seen: unknown[] = [];
    const server = await fakeBedrock((request, response) => {
      seen.push(request.headers.authorization);
      sendJson(response, 200, answer);
    });
    try {
      clients = createClients({ endpoint: server.url });
      const { send } = createConverseBackend(clients);
      await send(call());
      await send(call({ credentials: caller(1) }));
      expect(seen).toEqual(['Bearer ABSKonly', expect.stringContaining(caller(1).accessKeyId)]);
    } finally {
      await server.close();
    }
  });

  test('finds its endpoint where the SDK does', async () => {
    const server = await fakeBedrock((_, response) => sendJson(response, 200, answer));
    try {
      vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', server.url);
      clients = createClients({ credentials: testCredentials });
      expect((await createConverseBackend(clients).send(call())).answer).toEqual(answer);
    } finally {
      await server.close();
    }
  });

  test('a caller whose credentials are refused learns that, and nothing else', async () => {
    const message = `The request signature does not match. Credential=${caller(1).accessKeyId}`;
    const server = await fakeBedrock((_, response) =>
      sendJson(response, 403, { message }, { 'x-amzn-errortype': 'InvalidSignatureException' }),
    );
    try {
      clients = testClients(server.url);
      const { send } = createConverseBackend(clients);
      const error = await send(call({ credentials: caller(1) })).catch((thrown) => thrown);
      expect(error).toMatchObject({ status: 401, reason: 'unauthenticated' });
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify([error, error.upstream, error.message])).not.toContain('ASIA');
      expect(await send(call()).catch((thrown) => thrown)).toMatchObject({
        status: 500,
        reason: 'upstream_auth',
      });
    } finally {
      await server.close();
    }
  });
});
