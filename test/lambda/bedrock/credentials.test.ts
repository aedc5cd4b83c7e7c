import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultProvider as sdkProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentity } from '@smithy/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultProvider, remembered } from '../../../lambda/bedrock/credentials.ts';
import { trimCredentials } from '../../../local/trim-credentials.ts';

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => vi.unstubAllEnvs());

const members = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentialIdentity) => ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
});

/** Credentials as Lambda's SnapStart and containers give them. */
async function container(expiresInMs: number) {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    const Expiration = new Date(Date.now() + expiresInMs).toISOString();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ AccessKeyId: `ASIA${calls}`, SecretAccessKey: 's', Token: 't', Expiration }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv(
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  return { calls: () => calls, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('credentials on Lambda', () => {
  test('of the environment: those that the SDK’s chain finds', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    const ours = members(await defaultProvider()());
    expect(ours).toEqual({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' });
    expect(ours).toEqual(members(await sdkProvider()()));
  });

  test.each([
    ['white space', (value: string) => `\t ${value}\r\n`],
    ['quotes', (value: string) => `"${value}"`],
    ['both', (value: string) => ` '${value}' \n`],
  ])('of the environment, with %s around them', async (_, paste) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', paste('ASIAEXAMPLE'));
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', paste('secret/+='));
    vi.stubEnv('AWS_SESSION_TOKEN', paste('token=='));
    const meant = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret/+=', sessionToken: 'token==' };
    expect(members(await defaultProvider()())).toEqual(meant);
    trimCredentials(process.env);
    expect(members(await sdkProvider()())).toEqual(meant);
  });

  test('of a container: asked for once', async () => {
    const server = await container(3_600_000);
    const provider = defaultProvider();
    const first = members(await provider());
    expect(first).toEqual({ accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't' });
    expect(members(await provider())).toEqual(first);
    expect(server.calls()).toBe(1);
    await server.close();
  });

  test('of a container: asked for again five minutes before they expire', async () => {
    const server = await container(299_000);
    const provider = defaultProvider();
    await provider();
    expect((await provider()).accessKeyId).toBe('ASIA2');
    await server.close();
  });

  test('that cannot be renewed are used to their end, and not beyond', async () => {
    vi.useFakeTimers();
    try {
      let asked = 0;
      const expiration = new Date(Date.now() + 200_000);
      const provider = remembered(async () => {
        asked += 1;
        if (asked > 1) throw new Error('The source does not answer.');
        return { accessKeyId: 'ASIA1', secretAccessKey: 's', expiration };
      });
      await provider();
      vi.advanceTimersByTime(60_000);
      for (let i = 0; i < 3; i += 1) expect((await provider()).accessKeyId).toBe('ASIA1');
      expect(asked).toBe(2);
      vi.advanceTimersByTime(10_000);
      await provider();
      expect(asked).toBe(3);
      vi.advanceTimersByTime(130_000);
      await expect(provider()).rejects.toThrow('does not answer');
    } finally {
      vi.useRealTimers();
    }
  });

  test('none', async () => {
    await expect(defaultProvider()()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});
