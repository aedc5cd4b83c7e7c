import { afterEach, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

const stacks: Stack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

/** Asks about an image at an address inside this machine, which must never be fetched. */
async function ask(env: Record<string, string>) {
  const stack = await startStack({ env });
  stacks.push(stack);
  const content = [{ type: 'image_url', image_url: { url: 'https://127.0.0.1/cat.png' } }];
  const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const response = await stack.post('/chat/completions', { model, messages: [{ role: 'user', content }] });
  const { error } = (await response.json()) as { error: { message: string } };
  expect(stack.simulator.calls).toEqual([]);
  return { status: response.status, message: error.message };
}

describe('an image by https URL', () => {
  test('is fetched from the public Internet only', async () => {
    const { status, message } = await ask({});
    expect(status).toBe(400);
    expect(message).toMatch(
      /127\.0\.0\.1\/cat\.png cannot be fetched: its host is not on the public Internet/,
    );
  });

  test('is not fetched where a setting has switched that off', async () => {
    const { status, message } = await ask({ FETCH_IMAGES: 'false' });
    expect(status).toBe(400);
    expect(message).toMatch(/FETCH_IMAGES is off/);
  });
});
