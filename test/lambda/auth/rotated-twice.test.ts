import { expect, test } from 'vitest';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { keyRing } from '../../../lambda/auth/key-ring.ts';
import { keySources } from '../../../lambda/auth/key-source.ts';
import { rotateKey } from '../../../local/keys/change-key.ts';
import { createKey, writeDocument } from '../../../local/keys/key-document.ts';

/** A key that is rotated again because it has leaked: only the newest opens, whatever the secret's older version says. */

const dayMs = 86_400_000;

test.each([
  ['at once', 0, [undefined, undefined, 'a']],
  ['with grace', dayMs, [undefined, 'a', 'a']],
])('rotated a second time, %s', async (_, grace, expected) => {
  const now = Date.now();
  const first = createKey({ keys: [] }, { name: 'a' });
  const second = rotateKey(first.document, 'a', now + 7 * dayMs);
  const third = rotateKey(second.document, 'a', now + grace);
  const versions = { AWSCURRENT: third.document, AWSPREVIOUS: second.document };
  const settings = {
    apiKeySecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:keys',
    apiKeyTtlMs: 1000,
  };
  const sources = keySources(
    { ...settings, apiKey: undefined, apiKeyFile: undefined },
    {
      clock: () => now + 1000,
      onProblem: () => {},
      fetchSecret: async (_arn, stage) => ({
        text: writeDocument(versions[stage as keyof typeof versions]),
        createdAt: now,
      }),
    },
  );
  const ring = keyRing(sources, { ttlMs: 1000, clock: () => now + 1000, onFailure: () => {} });
  const names = [first, second, third].map(
    async ({ key }) => (await ring.find([digestOf(key)]))?.principal.name,
  );
  expect(await Promise.all(names)).toEqual(expected);
});
