import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { importedModels } from '../../local/simulator/models/owned.ts';
import { runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What a client, a key or an operator writes and that travels in a header: never an internal error. */

const { id } =
  importedModels.find(({ coldStarts, converse }) => coldStarts === 0 && !converse) ?? importedModels[0];
const imported = `arn:aws:bedrock:us-east-1:123456789012:imported-model/${id}`;
const wide = '\u00a0\u2003\u3000\ufeff';
let stack: Stack;

beforeAll(async () => {
  const file = await keysFile([
    { name: 'all', key: 'key-of-all' },
    { name: 'wide', key: 'key-with-wide-spaces', metadata: { [`team${wide}name`]: `a${wide}b` } },
  ]);
  stack = await startStack({ env: { API_KEY: '', API_KEY_FILE: file, AWS_MAX_ATTEMPTS: '1' } });
});
afterAll(() => stack.close());

const ask = (path: string, body: object, key = 'key-of-all') =>
  stack.post(path, body, { authorization: `Bearer ${key}` });
const hello = { model: imported, messages: [{ role: 'user', content: 'Hello' }] };
const lastHeaders = () => JSON.stringify(runtimeCalls(stack).at(-1)?.headers ?? {});

describe('metadata in a header of InvokeModel', () => {
  test('any text of a client is sent as ASCII, or refused with its name', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const odd = fc.constantFrom('\u0000', '\r\nx: y', wide, '\ud800', 'ü', '🙂', '\u2028');
    const value = fc.oneof(
      text,
      odd,
      fc.tuple(text, odd).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(value, value, async (name, given) => {
        const response = await ask('/chat/completions', {
          ...hello,
          metadata: Object.fromEntries([[name, given]]),
        });
        await response.text();
        expect(response.status).toBe(200);
        expect(lastHeaders()).toMatch(/^[\x20-\x7e]*$/);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['/chat/completions', hello],
    ['/chat/completions', { ...hello, model: 'us.amazon.nova-lite-v1:0' }],
    ['/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: 'x' }],
  ])('of a key: %s', async (path, body) => {
    const response = await ask(path, body, 'key-with-wide-spaces');
    await response.text();
    expect(response.status).toBe(200);
    const { headers, body: sent } = runtimeCalls(stack).at(-1) ?? {};
    expect(JSON.stringify({ headers, sent })).toMatch(/team {4}name.{1,10}a {4}b/);
  });
});

test.each([
  ['a line break', 'a\nb'],
  ['a wide space', `a${wide}`],
  ['another script', '守'],
])('a guardrail with %s is a 400', async (_, guardrailIdentifier) => {
  const guardrailConfig = { guardrailIdentifier, guardrailVersion: '1' };
  expect((await ask('/chat/completions', { ...hello, guardrailConfig })).status).toBe(400);
});

describe('AWS credentials that cannot be sent', () => {
  test.each(['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN'])(
    '%s with a line break within: upstream_auth',
    async (name) => {
      const broken = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
      vi.stubEnv(name, 'AKIA\nTEST');
      try {
        for (const model of ['us.amazon.nova-lite-v1:0', imported]) {
          const response = await broken.post('/chat/completions', { ...hello, model });
          expect(await response.json()).toMatchObject({ error: { code: 'upstream_auth' } });
        }
      } finally {
        vi.unstubAllEnvs();
        await broken.close();
      }
    },
  );
});
