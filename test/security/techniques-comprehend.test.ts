import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { nova } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Names and addresses, which Amazon Comprehend finds: nothing goes out that it has not looked at. */

const name = 'Bob Miller';
const address = '12 Main Street, Springfield';
const mail = 'bob.miller@mail.example';
const text = `😀 I am ${name} of ${address}, ${mail}. Write to ${name}!`;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    env: { ENABLE_OPTIMISATION: 'true', PRIVACY_DETECTOR: 'comprehend', AWS_MAX_ATTEMPTS: '1' },
  });
});
afterEach(() => stack.simulator.reset());
afterAll(() => stack.close());

const named = (operation: string) => stack.simulator.calls.filter((call) => call.operation === operation);
const bodies = () =>
  JSON.stringify(
    stack.simulator.calls.filter(({ path }) => path.startsWith('/model/')).map(({ body }) => body),
  );

async function ask(
  technique: string,
  messages: object[] = [{ role: 'user', content: text }],
  more: object = {},
) {
  const response = await stack.post('/chat/completions', {
    model: nova,
    messages,
    optimisation: technique,
    ...more,
  });
  return { response, said: await response.text() };
}

describe('with Comprehend', () => {
  test.each(['privacy', 'privacy&bon(n=2)', 'privacy&moa(n=2)', 'privacy&pvg(rounds=1,n=1)'])(
    '%s: names and addresses reach no model, and come back',
    async (technique) => {
      const { response, said } = await ask(technique);
      expect(response.status).toBe(200);
      expect(bodies()).not.toMatch(/Bob|Miller|Main Street|Springfield|mail\.example/);
      expect(bodies()).toMatch(/<NAME_0> of <ADDRESS_0>, <EMAIL_0>\. Write to <NAME_0>!/);
      // The simulator repeats what it was asked.
      if (technique === 'privacy')
        expect(said).toContain(`I am ${name} of ${address}, ${mail}. Write to ${name}!`);
    },
  );

  test('each text is looked at once, and all that are new at once', async () => {
    await ask('privacy&bon(n=3)', [
      { role: 'system', content: 'You work for Alice Smith.' },
      { role: 'user', content: text },
    ]);
    const [first, ...others] = named('DetectPiiEntities').map(({ body }) => (body as { Text: string }).Text);
    expect(first).toContain('Alice Smith');
    expect(first).toContain(name);
    // Three judges are asked the same about answers that the simulator gives alike.
    expect(others.length).toBeLessThanOrEqual(2);
    expect(others.join()).not.toContain('Alice Smith');
  });

  test('a long text is looked at in parts', async () => {
    const long = `${'Nothing of note. '.repeat(15_000)} ${name} lives there.`;
    const { response } = await ask('privacy', [{ role: 'user', content: long }]);
    expect(response.status).toBe(200);
    expect(named('DetectPiiEntities').length).toBeGreaterThan(2);
    expect(bodies()).not.toContain(name);
  });

  test('a list of thousands of names is read in one pass', async () => {
    const { response } = await ask('privacy', [{ role: 'user', content: `${name}, `.repeat(30_000) }]);
    expect(response.status).toBe(200);
    expect(bodies()).not.toContain(name);
  });

  test.each([
    ['ThrottlingException', 429],
    ['AccessDeniedException', 502],
    ['InternalServerException', 503],
  ] as const)('that answers %s: %i, and nothing goes to a model', async (exception, status) => {
    stack.simulator.failing.set('DetectPiiEntities', exception);
    for (const stream of [false, true]) {
      const { response, said } = await ask('privacy&bon(n=2)', undefined, { stream });
      expect(response.status).toBe(status);
      expect(said).toMatch(/Amazon Comprehend, which privacy needs/);
      expect(said).not.toMatch(/Bob|assumed-role|123456789012/);
    }
    expect(bodies()).toBe('[]');
  });

  test('where privacy is not asked for Comprehend is not either', async () => {
    await ask('re2');
    await ask('none');
    expect(named('DetectPiiEntities')).toEqual([]);
  });

  test('the call is signed for its own service, and says the language', async () => {
    await ask('privacy');
    const [call] = named('DetectPiiEntities');
    expect(call).toMatchObject({
      path: '/',
      status: 200,
      headers: {
        'x-amz-target': 'Comprehend_20171127.DetectPiiEntities',
        'content-type': 'application/x-amz-json-1.1',
      },
      body: { LanguageCode: 'en' },
    });
  });
});
