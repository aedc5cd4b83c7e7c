import { describe, expect, test } from 'vitest';
import { fieldNames, otherNames } from '../../../../lambda/apis/chat-completions/field-names.ts';
import { parameters } from '../../../../lambda/apis/chat-completions/parameters.ts';
import { type ChatCall, translateRequest } from '../../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { isObject } from '../../../../lambda/canonical/json.ts';
import type { RequestField } from '../../../../lambda/fields.ts';

type Body = Record<string, unknown>;

const options = { stateKey: deriveStateKey('names'), strict: false, fetched: new Map() };
const messages = [{ role: 'user', content: 'Hi' }];
const read = (body: Body): ChatCall => translateRequest({ model: 'm', messages, ...body }, options);

const fn = (name: string, more: object = {}) => ({ name, parameters: { type: 'object' }, ...more });
const tools = [{ type: 'function', function: fn('a', { strict: true }) }];
const functions = [fn('b', { strict: true })];
const named = (name: string) => ({ guardrailIdentifier: name, guardrailVersion: '1' });
const toolSpecs = ({ canonical }: ChatCall) => canonical.converse.toolConfig?.tools[0];

/** Fields with several names: a request that uses each, and what of the canonical request comes of it. */
const ways: Partial<Record<RequestField, { by: Record<string, Body>; gives?: (call: ChatCall) => unknown }>> =
  {
    maxTokens: {
      by: { max_completion_tokens: { max_completion_tokens: 1 }, max_tokens: { max_tokens: 2 } },
      gives: ({ canonical }) => canonical.converse.inferenceConfig?.maxTokens,
    },
    topK: { by: { top_k: { top_k: 1 }, topK: { topK: 2 } }, gives: ({ canonical }) => canonical.intent.topK },
    tools: { by: { tools: { tools }, functions: { functions } }, gives: toolSpecs },
    'tools.strict': {
      by: { 'tools.function.strict': { tools }, 'functions.strict': { functions } },
      gives: toolSpecs,
    },
    toolChoice: {
      by: {
        tool_choice: { tools, tool_choice: { type: 'function', function: { name: 'a' } } },
        function_call: { functions, function_call: { name: 'b' } },
      },
      gives: ({ canonical }) => canonical.converse.toolConfig?.toolChoice,
    },
    'reasoning.effort': {
      by: {
        reasoning_effort: { reasoning_effort: 'low' },
        'reasoning.effort': { reasoning: { effort: 'high' } },
        'output_config.effort': { output_config: { effort: 'max' } },
        'reasoning.enabled': { reasoning: { enabled: true } },
        enable_thinking: { enable_thinking: true },
        'chat_template_kwargs.enable_thinking': { chat_template_kwargs: { enable_thinking: true } },
      },
      gives: ({ canonical }) => canonical.intent.reasoning?.effort,
    },
    'reasoning.budgetTokens': {
      by: {
        'reasoning.max_tokens': { reasoning: { max_tokens: 1 } },
        'thinking.budget_tokens': { thinking: { type: 'enabled', budget_tokens: 2 } },
        thinking_budget: { thinking_budget: 3 },
      },
      gives: ({ canonical }) => canonical.intent.reasoning?.budgetTokens,
    },
    cachePoint: {
      by: {
        cache_control: { messages: [{ role: 'user', content: 'Hi', cache_control: {} }] },
        prompt_cache_breakpoint: { tools: [{ ...tools[0], prompt_cache_breakpoint: {} }] },
      },
    },
    guardrailConfig: {
      by: {
        guardrailConfig: { guardrailConfig: named('a') },
        guardrail_config: { guardrail_config: named('b') },
      },
      gives: ({ canonical }) => canonical.converse.guardrailConfig,
    },
    serviceTier: {
      by: { serviceTier: { serviceTier: { type: 'flex' } }, service_tier: { service_tier: 'priority' } },
      gives: ({ canonical }) => canonical.converse.serviceTier,
    },
    requestMetadata: {
      by: { requestMetadata: { requestMetadata: { k: '1' } }, metadata: { metadata: { k: '2' } } },
      gives: ({ canonical }) => canonical.converse.requestMetadata,
    },
  };

const cases = Object.entries(ways).map(([field, way]) => ({ field: field as RequestField, ...way }));

test('every field with several names is tried by each of them', () => {
  const listed = Object.entries(otherNames).map(([field, names]) => [
    field,
    names.map((name) => (typeof name === 'string' ? name : name.name)),
  ]);
  expect(cases.map(({ field, by }) => [field, Object.keys(by)]).sort()).toEqual(listed.sort());
});

describe.each(cases)('$field', ({ field, by, gives }) => {
  test('is called what the client called it', () => {
    for (const [name, body] of Object.entries(by)) {
      expect(read(body).spell(field)).toBe(name);
      expect(read({ extra_body: body, messages: body.messages ?? messages }).spell(field)).toBe(name);
    }
  });

  test('null is no use of a name', () => {
    const nulls = Object.fromEntries(
      Object.values(by).flatMap((body) => Object.keys(body).map((k) => [k, null])),
    );
    for (const [name, body] of Object.entries(by)) {
      expect(read({ ...nulls, messages, ...body }).spell(field)).toBe(name);
    }
  });

  test('of two names, it is called the one that counts', () => {
    for (const one of Object.values(by)) {
      for (const other of Object.values(by)) {
        const both = read({ ...other, ...one, ...inside(other, one) });
        const name = both.spell(field);
        if (gives) expect(gives(both)).toEqual(gives(read(by[name] ?? {})));
      }
    }
  });

  test('is called something even when the client has not said it', () => {
    expect(read({}).spell(field)).toBe(fieldNames[field]);
  });
});

/** Objects that both have under one name, with the members of both. */
function inside(one: Body, other: Body): Body {
  return Object.fromEntries(
    Object.keys(one)
      .filter((key) => isObject(one[key]) && isObject(other[key]))
      .map((key) => [key, Object.assign({}, one[key], other[key])]),
  );
}

test('an entry of the metadata is called by the object that it came from', () => {
  const { spell } = read({ requestMetadata: { a: '1' }, metadata: { b: '2', c: '3' } });
  expect(spell('requestMetadata', 'a')).toBe('requestMetadata.a');
  expect(spell('requestMetadata', 'b')).toBe('metadata.b');
  expect(spell('requestMetadata')).toBe('requestMetadata');
});

test.each([
  [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: {} }] }] }],
  [{ messages: [{ role: 'user', content: 'Hi', prompt_cache_breakpoint: {} }] }],
  [{ functions: [{ ...functions[0], prompt_cache_breakpoint: {} }] }],
  [
    {
      messages: [
        ...messages,
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'c',
              type: 'function',
              function: { name: 'f', arguments: '{}' },
              prompt_cache_breakpoint: {},
            },
          ],
        },
      ],
    },
  ],
])('a mark is called what it is called where it stands: %j', (body) => {
  const call = read(body);
  expect(JSON.stringify(call.canonical.converse)).toContain('cachePoint');
  expect(call.spell('cachePoint')).toBe('prompt_cache_breakpoint');
});

test('every name is one that the API has', () => {
  const inMessages = ['cache_control', 'prompt_cache_breakpoint', 'guarded_text', 'required'];
  const others = Object.values(otherNames).flatMap((names) =>
    names.map((name) => (typeof name === 'string' ? name : name.name)),
  );
  const roots = [...Object.values(fieldNames), ...others].map((name) => name.split('.')[0] ?? '');
  expect(roots.filter((root) => !(root in parameters) && !inMessages.includes(root))).toEqual([]);
});
