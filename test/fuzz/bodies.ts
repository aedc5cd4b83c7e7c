import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { seal } from '../../lambda/apis/reasoning/sealed-state.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { chatRequests } from '../support/chat-requests.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import { testKey } from '../support/stack.ts';

/** What is sent: a body, as text, and headers beside the key. */
export interface Shot {
  body: string;
  headers: Record<string, string>;
}

const models = fc.constantFrom(
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-sonnet-5',
  'us.amazon.nova-2-lite-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2402-v1:0',
  'openai.gpt-oss-120b-1:0',
  'moonshot.kimi-k2-thinking',
  'us.openai.gpt-6-sol',
  'no-such-model',
);

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = i % 2 ? [value] : { a: value };
  return value;
};

/** What nobody expects in the place of anything. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    [],
    {},
    0,
    -1,
    1e308,
    0.1,
    true,
    [null],
    [[]],
    [{}],
    { type: 'text' },
    { type: 'text', text: 5 },
    { type: 'image_url', image_url: 'data:,' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,////' } },
    { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } },
    { type: 'json_schema', json_schema: {} },
    { __proto__: null, constructor: {}, toString: 1 },
    '__proto__',
    'constructor',
    '\ud800',
    '\u0000',
    'x'.repeat(5000),
  ),
  fc.constantFrom(20, 200, 800).map(deep),
);

const keys = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'content',
  'tool_calls',
  'function_call',
  'functions',
  'cache_control',
  'prompt_cache_breakpoint',
  'thinking_blocks',
  'reasoning_details',
  'reasoning_signature',
  'extra_content',
  'extra_body',
  'additionalModelRequestFields',
  'guardrailConfig',
  'stream_options',
  'logit_bias',
  'n',
  'audio',
  'modalities',
  'chat_template_kwargs',
  'output_config',
  'promptVariables',
  'performanceConfig',
  'models',
);

interface Mutation {
  /** Which of the value's places, counted in depth-first order. */
  at: number;
  kind: 'replace' | 'remove' | 'add' | 'repeat';
  key: string;
  value: unknown;
}
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  key: keys,
  value: odd,
});

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place below a value: the container and the key in it. */
function placesIn(value: unknown, found: [Container, string][] = []): [Container, string][] {
  if (!isContainer(value) || found.length > 2000) return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}

function mutate(value: unknown, { at, kind, key, value: given }: Mutation): void {
  // A copy: what is put in may itself be mutated next.
  const other: unknown = given === undefined ? null : JSON.parse(JSON.stringify(given));
  const places = placesIn(value);
  const place = places[at % Math.max(places.length, 1)];
  if (!place) return;
  const [container, name] = place as [Record<string, unknown>, string];
  switch (kind) {
    case 'replace':
      container[name] = other;
      break;
    case 'remove':
      if (Array.isArray(container)) container.splice(Number(name), 1);
      else delete container[name];
      break;
    case 'add':
      if (Array.isArray(container)) container.push(other);
      else container[key] = other;
      break;
    case 'repeat':
      if (Array.isArray(container)) container.push(container[Number(name)]);
      else container[key] = container[name];
      break;
    default:
      kind satisfies never;
  }
}

const mutated = fc
  .tuple(
    chatRequests({ files: true, maxTokens: 5000 }),
    models,
    fc.boolean(),
    fc.array(mutation, { maxLength: 5 }),
  )
  .map(([request, model, stream, mutations]) => {
    const body = JSON.parse(JSON.stringify({ ...request, model, stream }));
    for (const each of mutations) mutate(body, each);
    return JSON.stringify(body);
  });

/** Members of a request with anything as their values. */
const members = fc
  .tuple(models, fc.dictionary(fc.oneof(keys, fc.string()), odd))
  .map(([model, more]) => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...more }));

/** Nested far deeper than a call stack is. */
const bottomless = fc
  .tuple(models, keys, fc.constantFrom<[string, string]>(['[', ']'], ['{"a":[', ']}']))
  .map(([model, key, [open, close]]) => {
    const value = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
    return `{"model":"${model}","messages":[{"role":"user","content":"Hi"}],"${key}":${value}}`;
  });

/** JSON that was cut off, or is none. */
const broken = fc.tuple(mutated, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));

/** Requests that have very many of something, and what the holder of a key can seal himself. */
const many = fc
  .tuple(models, fc.constantFrom(...Object.values(hostileRequests)), fc.integer({ min: 1, max: 60 }))
  .map(([model, make, n]) => JSON.stringify({ ...make(n), model }));

const stateKey = deriveStateKey(testKey);
const states = fc
  .tuple(
    models,
    fc.oneof(
      odd.map((value) => deflateRawSync(JSON.stringify(value) ?? '')),
      fc
        .integer({ min: 0, max: 400_000 })
        .map((n) => deflateRawSync(`[{"redactedContent":"${'A'.repeat(n)}"}]`)),
      fc.uint8Array({ maxLength: 40 }),
    ),
    fc.constantFrom('t', '', '__proto__', '.', 't'.repeat(255)),
    fc.constantFrom(1, 2, 130),
    fc.constantFrom(0, 1, 8),
  )
  .map(([model, packed, name, times, cut]) => {
    const content = Buffer.concat([Buffer.of(name.length), Buffer.from(name), packed]);
    const sealed = `call_gw1_${seal(content, stateKey, 'tool call id 1')}`;
    const id = sealed.slice(0, sealed.length - cut);
    const call = { id, type: 'function', function: { name: 'f', arguments: '{}' } };
    const turns = [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: id, content: 'r' },
    ];
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const messages = [{ role: 'user', content: 'Hi' }, ...Array.from({ length: times }, () => turns).flat()];
    return JSON.stringify({ model, tools, messages });
  });

/** The same image again and again: at an address that is not fetched, or in the request. */
const images = fc
  .tuple(
    models,
    fc.constantFrom('https://127.0.0.1/a.png', 'data:image/png;base64,iVBORw0KGgo=', 's3://bucket/a.png'),
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom(1, 8),
  )
  .map(([model, image_url, times, n]) => {
    const content = Array.from({ length: times }, () => ({ type: 'image_url', image_url }));
    return JSON.stringify({ model, n, messages: [{ role: 'user', content }] });
  });

const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        'anthropic-beta',
        'x-amzn-bedrock-guardrailidentifier',
        'x-amzn-bedrock-guardrailversion',
        'x-amzn-bedrock-trace',
        'x-bedrock-metadata',
      ),
      fc.oneof(
        fc.string({ unit: 'grapheme-ascii' }),
        fc.constantFrom('{}', '{"a":"b"}', '[1]', 'ENABLED', 'a,b,,'),
      ),
    ),
  },
);

export const shots: fc.Arbitrary<Shot> = fc.record({
  body: fc.oneof(
    { weight: 6, arbitrary: mutated },
    { weight: 3, arbitrary: members },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: bottomless },
    { weight: 1, arbitrary: many },
    { weight: 1, arbitrary: states },
    { weight: 1, arbitrary: images },
    { weight: 1, arbitrary: odd.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.string() },
  ),
  headers,
});
