import { defaultProvider as sdkProvider } from '@aws-sdk/credential-provider-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../../lambda/bedrock/credentials.ts';
import { bedrockToken, isNothingFound, signInWith } from '../../../lambda/bedrock/sign-in.ts';
import { noCredentials, withoutCredentials } from '../../support/no-credentials.ts';

beforeEach(() => {
  withoutCredentials();
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', ' ABSKkey\n');
});
afterEach(() => vi.unstubAllEnvs());

const nothing = async () => sdkProvider()();
const found = async () => ({ accessKeyId: 'AKIA', secretAccessKey: 's' });
const broken = async () => {
  throw Object.assign(new Error('The SSO session associated with this profile has expired.'), {
    name: 'CredentialsProviderError',
  });
};

describe('the way to sign in', () => {
  test.each([
    ['credentials and no key', undefined, found, 'sigv4'],
    ['neither', undefined, nothing, 'sigv4'],
    ['an empty key', ' ', nothing, 'sigv4'],
    ['credentials beside a key', 'ABSKkey', found, 'sigv4'],
    ['credentials that do not work beside a key', 'ABSKkey', broken, 'sigv4'],
    ['a key alone', 'ABSKkey', nothing, 'httpBearerAuth'],
  ])('%s', async (_, key, credentials, expected) => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', key);
    expect(await signInWith(credentials)()).toBe(expected);
  });

  test('without a key the credentials are not even looked for', async () => {
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', undefined);
    const credentials = vi.fn(found);
    await signInWith(credentials)();
    expect(credentials).not.toHaveBeenCalled();
  });

  test('once found, credentials stay; that there are none is looked at again', async () => {
    let time = 0;
    const credentials = vi.fn(nothing);
    const signIn = signInWith(credentials, () => time);
    expect([await signIn(), await signIn()]).toEqual(['httpBearerAuth', 'httpBearerAuth']);
    expect(credentials).toHaveBeenCalledTimes(1);
    time = 300_000;
    credentials.mockImplementation(found as never);
    expect(await signIn()).toBe('sigv4');
    time = 1e12;
    credentials.mockImplementation(nothing);
    expect(await signIn()).toBe('sigv4');
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  test.each(['AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_WEB_IDENTITY_TOKEN_FILE'])(
    'a source that %s names is there, even when it gives nothing',
    async (name) => {
      const error = await nothing().catch((thrown: unknown) => thrown);
      vi.stubEnv(name, 'named');
      const failing = async () => {
        throw error;
      };
      expect(await signInWith(failing)()).toBe('sigv4');
    },
  );

  test('the key is taken without what was pasted along', async () => {
    expect(await bedrockToken()).toEqual({ token: 'ABSKkey' });
  });

  test('nothing found is the end of either chain, and no other failure', async () => {
    const failureOf = (credentials: () => Promise<unknown>) => credentials().catch((error: unknown) => error);
    expect(noCredentials.AWS_EC2_METADATA_DISABLED).toBe('true');
    expect(isNothingFound(await failureOf(nothing))).toBe(true);
    expect(isNothingFound(await failureOf(defaultProvider()))).toBe(true);
    expect(isNothingFound(await failureOf(broken))).toBe(false);
  });
});
