import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSecretsManager } from '../support/secrets-manager.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** The real client of Secrets Manager, and a secret that is slow or hangs when it is due to be read again. */

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:keys-AbCdEf';
const headers = { authorization: 'Bearer sk-canary-secret' };

let secrets: Awaited<ReturnType<typeof startSecretsManager>>;
let stack: Stack;
beforeAll(async () => {
  secrets = await startSecretsManager(arn);
  secrets.state.current = 'sk-canary-secret';
  process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = secrets.url;
  stack = await startStack({ env: { API_KEY_SECRET_ARN: arn, API_KEY_TTL_SECONDS: '1' } });
});
afterAll(async () => {
  await stack.close();
  await secrets.close();
  delete process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
});

const status = async () => (await stack.get('/models/amazon.nova-lite-v1:0', headers)).status;

test('requests are served with the old keys before the secret has answered, and with the new ones after', async () => {
  // Where each request has an environment of its own, all three have read the secret.
  expect(await Promise.all([status(), status(), status()])).toEqual([200, 200, 200]);
  const before = secrets.state.calls.length;
  let answer = () => {};
  secrets.state.held = new Promise((resolve) => {
    answer = resolve;
  });
  secrets.state.current = 'sk-canary-next';
  // The secret is due after a second, and answers nothing until all of this is over.
  const patient = { timeout: 8000, interval: 100 };
  await expect
    .poll(async () => [await status(), secrets.state.calls.length > before], patient)
    .toEqual([200, true]);
  expect(await Promise.all([status(), status(), status()])).toEqual([200, 200, 200]);
  answer();
  await expect.poll(status, patient).toBe(401);
});
