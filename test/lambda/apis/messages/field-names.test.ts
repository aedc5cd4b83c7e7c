import { describe, expect, test } from 'vitest';
import { messages } from '../../../../lambda/apis/messages/api.ts';
import { fieldNames, otherNames } from '../../../../lambda/apis/messages/field-names.ts';
import { parameters } from '../../../../lambda/apis/messages/parameters.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import type { CanonicalRequest } from '../../../../lambda/canonical/request.ts';
import type { RequestField, Spell } from '../../../../lambda/fields.ts';

type Body = Record<string, unknown>;

const api = messages({ strict: false });

function read(body: Body): { spell: Spell; canonical: CanonicalRequest } {
  const whole = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }], ...body };
  const { spell, read } = api.begin(whole, new Headers());
  const { model } = read({ stateKey: deriveStateKey('names'), fetched: new Map(), bodyBytes: 1 });
  return { spell, canonical: model.canonical() };
}

const format = (title: string) => ({ type: 'json_schema', schema: { type: 'object', title } });
const named = (name: string) => ({ guardrailIdentifier: name, guardrailVersion: '1' });

/** Fields with several names: a request that uses each, and what of the canonical request comes of it. */
const ways: Partial<
  Record<RequestField, { by: Record<string, Body>; gives: (canonical: CanonicalRequest) => unknown }>
> = {
  outputFormat: {
    by: {
      'output_config.format': { output_config: { format: format('a') } },
      output_format: { output_format: format('b') },
    },
    gives: ({ intent }) => intent.outputFormat,
  },
  guardrailConfig: {
    by: {
      guardrailConfig: { guardrailConfig: named('a') },
      guardrail_config: { guardrail_config: named('b') },
    },
    gives: ({ converse }) => converse.guardrailConfig,
  },
  serviceTier: {
    by: { serviceTier: { serviceTier: { type: 'flex' } }, service_tier: { service_tier: 'priority' } },
    gives: ({ converse }) => converse.serviceTier,
  },
};

describe.each(Object.entries(ways))('%s', (name, { by, gives }) => {
  const field = name as RequestField;

  test('is called what the client called it', () => {
    for (const [called, body] of Object.entries(by)) expect(read(body).spell(field)).toBe(called);
  });

  test('of two names, it is called the one that counts', () => {
    const both = read(Object.assign({}, ...Object.values(by)));
    expect(gives(both.canonical)).toEqual(gives(read(by[both.spell(field)] ?? {}).canonical));
  });
});

test('beta flags are called what they stood in, and count together', () => {
  expect(read({ betas: ['computer-use-1'] }).spell('anthropicBeta')).toBe('betas');
  const both = read({ betas: ['computer-use-1'], anthropic_beta: ['computer-use-2'] });
  expect(both.canonical.intent.anthropicBeta).toEqual(['computer-use-2', 'computer-use-1']);
});

test('an entry of the metadata is called by the object that it came from', () => {
  const { spell } = read({ requestMetadata: { a: '1' }, metadata: { user_id: '2' } });
  expect(spell('requestMetadata', 'a')).toBe('requestMetadata.a');
  expect(spell('requestMetadata', 'user_id')).toBe('metadata.user_id');
});

test('every name is one that the API has, or that its clients would look for', () => {
  const elsewhere = ['cache_control', 'guarded_text', 'any'];
  const ofOtherApis = ['n', 'frequency_penalty', 'presence_penalty', 'seed', 'logit_bias', 'web_search'];
  const others = Object.values(otherNames).flatMap((names) =>
    names.map((name) => (typeof name === 'string' ? name : name.name)),
  );
  const roots = [...Object.values(fieldNames), ...others].map((name) => name.split('.')[0] ?? '');
  const known = (root: string) =>
    root in parameters || elsewhere.includes(root) || ofOtherApis.includes(root);
  expect(roots.filter((root) => !known(root))).toEqual([]);
});
