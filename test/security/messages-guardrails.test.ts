import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { ask, byConverse, haiku45, hello, novaPro, sonnet55 } from '../support/messages.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** A guardrail that a key enforces, in Anthropic's API: on either way to Claude it sees all that a caller says. */

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const other = { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const file = await keysFile([
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
    { name: 'free', key: 'sk-canary-free' },
  ]);
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', API_KEY: '', API_KEY_FILE: file } });
});
afterAll(() => stack.close());

const word = 'the forbidden word';
const plain = { type: 'text', text: word };
const guardContent = { guardContent: { text: { text: 'Hello' } } };
const marked = { type: 'guarded_text', text: 'Hello' };
const user = (content: unknown) => ({ role: 'user', content });
const tag = (inside: string) =>
  `<amazon-bedrock-guardrails-guardContent_abc>${inside}</amazon-bedrock-guardrails-guardContent_abc>`;
const tagged = { messages: [user(`${tag('Hello')} ${word}`)] };
const settings = { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'abc' } };

/** Every way to say the word, and to keep a guardrail from looking at it. */
const ways: Record<string, Record<string, unknown>> = {
  'said outright': { messages: [user(word)] },
  'as a block': { messages: [user([plain])] },
  'beside a marked block': { messages: [user([guardContent, plain])] },
  'beside a marked text': { messages: [user([marked, plain])] },
  'beside the mark within a block': {
    messages: [user([{ type: 'text', text: 'Hello', ...guardContent }, plain])],
  },
  'in an earlier turn': {
    messages: [
      user(word),
      { role: 'assistant', content: 'Yes?' },
      user([guardContent, { type: 'text', text: 'Hello' }]),
    ],
  },
  'in the system prompt': { system: word, messages: [user('Hello')] },
  'in the system prompt, as a block': { system: [plain], messages: [user('Hello')] },
  'in the system prompt, beside a marked turn': {
    system: word,
    messages: [user([guardContent, marked, { type: 'text', text: 'Hi' }])],
  },
  'in a system message': { messages: [user('Hello'), { role: 'system', content: word }] },
  'beside tags, their suffix as a parameter': { ...tagged, ...settings },
  'beside tags, their suffix among the model’s fields': { ...tagged, additionalModelRequestFields: settings },
  'beside tags, their suffix in snake case': { ...tagged, additional_model_request_fields: settings },
  'beside tags, their suffix in extra_body': { ...tagged, extra_body: settings },
  'under another guardrail': { messages: [user(word)], guardrailConfig: other },
  'under another guardrail in snake case': { messages: [user(word)], guardrail_config: other, ...settings },
  'with a trace that says what it sees': {
    messages: [user(word)],
    guardrailConfig: { ...other, trace: 'enabled' },
  },
};
const headersOfOther = {
  'x-amzn-bedrock-guardrailidentifier': other.guardrailIdentifier,
  'x-amzn-bedrock-guardrailversion': '1',
};

const targets: [string, string, Record<string, string>][] = [
  ['the newest Claude, natively', sonnet55, {}],
  ['an older Claude, natively', haiku45, {}],
  ['Claude by Converse', haiku45, byConverse],
  ['another model', novaPro, {}],
];
const key = { authorization: 'Bearer sk-canary-guarded' };

interface Sent {
  guardrailConfig?: { guardrailIdentifier: string };
  [member: string]: unknown;
}

describe.each(targets)('%s', (_, model, lane) => {
  test.each(Object.keys(ways))('a guardrail of the key sees the word %s', async (way) => {
    for (const stream of [false, true]) {
      const before = runtimeCalls(stack).length;
      const said = await ask(stack, hello({ model, stream, ...ways[way] }), {
        ...lane,
        ...headersOfOther,
        ...key,
      });
      const [call] = runtimeCalls(stack).slice(before);
      // What no model takes may be refused; what is answered has been looked at.
      if (said.status === 400) {
        expect(call).toBeUndefined();
        continue;
      }
      expect([said.status, said.message?.content]).toEqual([
        200,
        [{ type: 'text', text: 'Sorry, the guardrail blocked this request.' }],
      ]);
      expect(said.message?.stop_reason).toBe('refusal');
      const { guardrailConfig, ...rest } = (call?.body ?? {}) as Sent;
      const enforced =
        guardrailConfig?.guardrailIdentifier ?? call?.headers['x-amzn-bedrock-guardrailidentifier'];
      expect(enforced).toBe('abc123');
      expect(JSON.stringify(rest)).not.toMatch(/tagSuffix|guardrailConfig|v9kpg6yrwhs2/);
      expect(JSON.stringify(rest.messages)).not.toContain('guardContent":');
    }
  });

  test('lets pass what has no such word', async () => {
    for (const stream of [false, true]) {
      const said = await ask(stack, hello({ model, stream }), { ...lane, ...key });
      expect([said.status, said.message?.stop_reason]).toEqual([200, 'end_turn']);
    }
  });

  test('and says what it left out', async () => {
    const said = await ask(stack, hello({ model, ...settings }), { ...lane, ...key });
    expect(said.status).toBe(200);
    expect(said.ignored.join()).toContain('amazon-bedrock-guardrailConfig');
  });
});

test('a guardrail of the client’s own is applied on every way', async () => {
  for (const [, model, lane] of targets) {
    const headers = { ...lane, authorization: 'Bearer sk-canary-free' };
    const said = await ask(
      stack,
      hello({ model, messages: [user(word)], guardrailConfig: guardrail }),
      headers,
    );
    expect(said.message?.stop_reason).toBe('refusal');
  }
});
