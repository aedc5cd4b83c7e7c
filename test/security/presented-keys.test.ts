import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, findKey } from '../../lambda/auth/digest.ts';
import { readToken, signToken } from '../../lambda/auth/session.ts';
import { urlsIn } from '../../lambda/techniques/reading/urls.ts';
import { signedIn } from '../support/admin.ts';
import { asker, batchKeys, form, startBatchStack, upload } from '../support/batches.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('of several keys that a request carries, only the one that has let it in proves anything', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startBatchStack({ env: { CALLER_CREDENTIALS: 'without-key' } });
  });
  afterAll(() => stack.close());
  const beside = (bearer: string, key: string) => asker(stack, bearer, { 'x-api-key': key });

  test('callers beside one made-up bearer share no files', async () => {
    const id = await upload(beside('dummy', batchKeys.alice), 'secret of alice');
    const bob = beside('dummy', batchKeys.bob);
    expect((await bob<{ data: unknown[] }>('GET', '/files')).json.data).toEqual([]);
    expect((await bob('GET', `/files/${id}/content`)).status).toBe(404);
    expect((await bob('DELETE', `/files/${id}`)).status).toBe(404);
    expect((await asker(stack, batchKeys.alice)('GET', `/files/${id}`)).status).toBe(200);
  });

  test('a caller without a key writes nothing into the bucket', async () => {
    const count = () => stack.simulator.buckets.keys('bedrock-gateway-batches').length;
    const before = count();
    const response = await fetch(`${stack.baseUrl}/files`, {
      method: 'POST',
      body: form('x'.repeat(1000)),
      headers: {
        'x-aws-access-key-id': 'AKIAAAAAAAAAAAAAAAAA',
        'x-aws-secret-access-key': 'a'.repeat(40),
      },
    });
    expect([response.status, count()]).toEqual([403, before]);
  });
});

test('a session of a key that another record shuts is over', () => {
  const digest = digestOf('sk-ann');
  const ann = { digest, principal: { name: 'ann' } };
  const keys = [ann, { digest, principal: { name: 'ann (old)' }, revoked: true }];
  expect(findKey(keys, digest, 1)).toBeUndefined();
  expect(readToken(keys, 'session', signToken(ann, 'session', 100), 1)).toBeUndefined();
  expect(readToken([ann], 'session', signToken(ann, 'session', 100), 1)).toBeDefined();
});

test('a key that is billed by a role may sign in', async () => {
  const awsRoleArn = 'arn:aws:iam::123456789012:role/team-search';
  const file = await keysFile([{ name: 'root', key: 'sk-root', admin: true, awsRoleArn }]);
  const stack = await startStack({ env: { ASSUMABLE_ROLES: awsRoleArn, API_KEY_FILE: file } });
  expect((await (await signedIn(stack, 'root')).get('/admin')).status).toBe(200);
  await stack.close();
});

// With a count of all brackets for each of them this would take longer than a test may.
test('a URL with a hundred thousand brackets behind it is read', () => {
  expect(urlsIn(`See http://a.example/b${')'.repeat(100_000)}.`)).toEqual(['http://a.example/b']);
  expect(urlsIn('(http://a.example/x_(y)), [http://a.example/z].')).toEqual([
    'http://a.example/x_(y)',
    'http://a.example/z',
  ]);
});
