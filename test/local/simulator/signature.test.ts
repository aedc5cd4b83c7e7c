import { ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { ask } from './blocks.ts';
import { claude, control, converse, post, runtime, signed } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const minutes = 60_000;
const good = () => signed();
const replaced = (from: string | RegExp, to: string) => {
  const headers = signed();
  return { ...headers, authorization: headers.authorization!.replace(from, to) };
};

describe('every call must be signed', () => {
  test('or bring a Bedrock API key, of either kind', async () => {
    for (const key of ['ABSKlongterm', 'bedrock-api-key-shortterm']) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const { response } = await post(simulator, `/model/${claude}/converse`, { messages: ask() }, headers);
      expect(response.status).toBe(200);
    }
  });

  test.each([
    ['abc', 'Invalid API Key format: Must start with pre-defined prefix'],
    ['ABSKEXPIRED', 'Authentication failed: Please make sure your API Key is valid.'],
  ])('and not %s', async (key, message) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const { response, bytes } = await post(
      simulator,
      `/model/${claude}/converse`,
      { messages: ask() },
      headers,
    );
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^AccessDeniedException:/);
    expect(JSON.parse(bytes.toString())).toEqual({ message });
  });

  test.each<[string, () => Record<string, string>, number, string]>([
    [
      'no signature',
      () => ({ 'content-type': 'application/json' }),
      403,
      'MissingAuthenticationTokenException',
    ],
    [
      'a signature that is none',
      () => replaced(/Signature=\w+/, 'Signature=abc'),
      400,
      'IncompleteSignatureException',
    ],
    ['another service', () => replaced('/bedrock/', '/sqs/'), 403, 'InvalidSignatureException'],
    ['the host left out', () => replaced('host;', ''), 403, 'InvalidSignatureException'],
    [
      'a signed header that is missing',
      () => replaced('host;', 'host;x-amz-abc;'),
      403,
      'InvalidSignatureException',
    ],
    ['too old', () => signed(Date.now() - 16 * minutes), 403, 'InvalidSignatureException'],
    ['too early', () => signed(Date.now() + 16 * minutes), 403, 'InvalidSignatureException'],
    ['another day in the scope', () => replaced(/\/\d{8}\//, '/20200101/'), 403, 'InvalidSignatureException'],
    [
      'another body than was hashed',
      () => ({ ...good(), 'x-amz-content-sha256': 'a'.repeat(64) }),
      403,
      'InvalidSignatureException',
    ],
    [
      'an expired key',
      () => signed(Date.now(), { accessKeyId: 'AKIAEXPIRED' }),
      403,
      'ExpiredTokenException',
    ],
    [
      'an unknown key',
      () => signed(Date.now(), { accessKeyId: 'AKIAUNKNOWN' }),
      403,
      'UnrecognizedClientException',
    ],
  ])('%s', async (_name, headers, status, type) => {
    const { response } = await post(simulator, `/model/${claude}/converse`, { messages: ask() }, headers());
    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe(
      `${type}:http://internal.amazon.com/coral/com.amazon.coral.service/`,
    );
  });

  test.each([-14 * minutes, 0, 14 * minutes])('a clock that is %d ms off will do', async (skew) => {
    const { response } = await post(
      simulator,
      `/model/${claude}/converse`,
      { messages: ask() },
      signed(Date.now() + skew),
    );
    expect(response.status).toBe(200);
  });

  test('the SDK signs as it should, whatever the credentials, on both planes', async () => {
    const client = runtime(simulator, { accessKeyId: 'AKIAANYTHING' });
    await expect(converse(client, 'Hello')).resolves.toMatchObject({ stopReason: 'end_turn' });
    await expect(control(simulator).send(new ListFoundationModelsCommand({}))).resolves.toBeDefined();
    expect(simulator.calls.at(-2)).toMatchObject({
      operation: 'Converse',
      accessKeyId: 'AKIAANYTHING',
      region: 'us-east-1',
    });
    expect(simulator.calls.at(-2)?.headers.authorization).toBeUndefined();
  });

  test('the SDK knows the refusals by name', async () => {
    const client = runtime(simulator, { accessKeyId: 'AKIAEXPIRED' });
    await expect(converse(client, 'Hello')).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });
});
