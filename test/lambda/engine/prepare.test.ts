import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalRequest } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { prepare, type Rules } from '../../../lambda/engine/prepare.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { able } from '../../support/capabilities.ts';

const messages: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: 'Hi' }] }];
const guardrail = (guardrailIdentifier: string) => ({ guardrailIdentifier, guardrailVersion: '1' });

function prepared(
  converse: Partial<ConverseRequest>,
  rules: Partial<Rules> = {},
  defaults?: Target['defaults'],
  id = 'm',
) {
  const request: CanonicalRequest = {
    model: 'm',
    converse: { messages, ...converse },
    intent: { topK: 3 },
  };
  const before = structuredClone(request);
  const target: Target = {
    asked: 'm',
    id,
    region: 'us-east-1',
    backend: 'converse',
    capabilities: able({}),
    reportAs: 'm',
    warnings: [],
    ...(defaults && { defaults }),
  };
  const result = prepare(request, target, {
    principal: { name: 'key' },
    guardrail: undefined,
    promptCaching: 'off',
    nativeOpenAi: true,
    ...rules,
  });
  expect(request).toEqual(before);
  return result;
}

describe('a request without messages', () => {
  const prompt = 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1';
  const promptVariables = { city: { text: 'Rome' } };

  test.each([{}, { promptVariables }])('is one to a managed prompt: %j', (more) => {
    const { converse } = prepared({ messages: [], ...more }, {}, undefined, prompt);
    expect(converse).toEqual({ messages: [], promptVariables: {}, ...more });
  });

  test.each([{}, { promptVariables }])('is none to a model: %j', (more) => {
    expect(() => prepared({ messages: [], ...more })).toThrow('at least one message');
  });
});

describe('the defaults of an alias', () => {
  test('fill in where the client is silent', () => {
    const defaults = { inferenceConfig: { maxTokens: 10, topP: 0.5 }, serviceTier: { type: 'flex' } };
    const { converse } = prepared({ inferenceConfig: { maxTokens: 99 } }, {}, defaults);
    expect(converse.inferenceConfig).toEqual({ maxTokens: 99, topP: 0.5 });
    expect(converse.serviceTier).toEqual({ type: 'flex' });
    expect(prepared({}).converse).toEqual({ messages });
  });
});

describe('what is enforced', () => {
  test('the key’s guardrail before the setting’s', () => {
    const rules = { guardrail: guardrail('setting') };
    expect(prepared({}, rules).intent).toEqual({ topK: 3, enforcedGuardrail: guardrail('setting') });
    const principal = { name: 'key', guardrail: guardrail('key') };
    expect(prepared({}, { ...rules, principal }).intent.enforcedGuardrail).toEqual(guardrail('key'));
  });

  test('cache points, where the setting says so', () => {
    expect(prepared({}, { promptCaching: 'auto' }).intent.cacheMode).toBe('auto');
    expect(prepared({}).intent.cacheMode).toBeUndefined();
  });
});

describe('metadata', () => {
  const principal = { name: 'key', metadata: { team: 'red', Cost: '1' } };
  const metadataOf = (given?: Record<string, string>) =>
    prepared(given ? { requestMetadata: given } : {}, { principal }).converse.requestMetadata;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));

  test('of the key is added, and wins in any case of its names', () => {
    expect(metadataOf()).toEqual(principal.metadata);
    expect(metadataOf({ TEAM: 'blue', cost: '0', other: 'x' })).toEqual({
      ...principal.metadata,
      other: 'x',
    });
  });

  test('of the key wins over names that become like its own when they are sent', () => {
    const key = { name: 'key', metadata: { cost_center: '42', 'team name': 'red' } };
    const alike = fc.constantFrom('cost_center', 'team name').chain((name) => {
      const written = [...name].map((letter) => {
        if (letter === '_') return fc.constantFrom('_', '!', '*', 'ä', '\u0000', '\ud83d');
        if (letter === ' ') return fc.constantFrom(' ', '  ', '\t', '\u2003', '\u00a0', '\u3000 ');
        return fc.constantFrom(letter, letter.toUpperCase());
      });
      return fc.tuple(fc.constantFrom('', ' ', '\u2003'), ...written, fc.constantFrom('', ' ', '\n'));
    });
    fc.assert(
      fc.property(alike, (letters) => {
        const requestMetadata = { [letters.join('')]: 'blue' };
        const { converse } = prepared({ requestMetadata }, { principal: key });
        expect(converse.requestMetadata).toEqual(key.metadata);
      }),
    );
  });

  test('of the key has its place even when the client fills all', () => {
    const merged = metadataOf(many(16)) ?? {};
    expect(Object.keys(merged)).toHaveLength(16);
    expect(merged).toMatchObject(principal.metadata);
  });

  test('beyond Bedrock’s limit is the client’s mistake', () => {
    expect(Object.keys(metadataOf(many(17)) ?? {})).toHaveLength(19);
  });

  test('of the client alone is left as it is', () => {
    expect(prepared({ requestMetadata: many(3) }).converse.requestMetadata).toEqual(many(3));
  });
});
