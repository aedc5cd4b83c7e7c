import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captured, readCapture, responsesCaptures } from '../../support/responses-captures.ts';
import { eventsOf, foldResponse } from '../../support/responses-stream.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What real clients of Responses send, to models that speak it: the simulator is as strict as the runtime is known to be. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const withItems = responsesCaptures.filter((name) => {
  const { path, body } = readCapture(name);
  return path === '/v1/responses' && Array.isArray(body?.input);
});

const models = ['us.openai.gpt-5.6-luna', 'global.moonshotai.kimi-k3'];

describe.each(models)('%s', (model) => {
  test.each(withItems)('takes %s', async (name) => {
    const body = captured(name, model);
    const response = await stack.post('/responses', body);
    const text = await response.text();
    // What nobody has stored is not found, whichever model is asked.
    const missing = response.status === 404 || body.previous_response_id != null;
    if (response.status === 400 && text.includes('takes no document input')) {
      expect(model).toContain('kimi');
      return;
    }
    expect([response.status, missing ? '' : text.slice(0, 500)]).toEqual(
      missing ? [expect.any(Number), ''] : [200, expect.anything()],
    );
    if (missing || body.stream !== true) return;
    const events = eventsOf(text);
    expect(events.at(-1)?.type).toBe('response.completed');
    // Reasoning comes as text from models whose weights are open.
    if (/gpt/.test(model)) foldResponse(events);
  });
});
