import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../lambda/canonical/types.ts';
import { nativeEngine } from '../support/native-engine.ts';

/** As `learning.test.ts`, for requests that are sent in the client's own API. */

const model = 'anthropic.claude-opus-4-5-20251101-v1:0';
const schema = { type: 'object', properties: { q: { type: 'string' } } };
const long = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const flags = ['interleaved-thinking-2025-05-14'];

/** A caller who uses whatever a lesson could take away. */
const victim: JsonObject = {
  max_tokens: 60_000,
  system: [{ type: 'text', text: 'S', ...long }],
  messages: [
    { role: 'user', content: 'U' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c', name: 'f', input: {}, caller: { type: 'direct' } }],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'tool_reference', tool_name: 'g' }] },
      ],
    },
  ],
  temperature: 0.2,
  top_p: 0.3,
  top_k: 7,
  metadata: { user_id: 'u' },
  output_config: { effort: 'low' },
  context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
  tools: [
    { name: 'f', input_schema: schema, strict: true, input_examples: [{ q: 'x' }] },
    { name: 'g', input_schema: schema, defer_loading: true },
  ],
  tool_choice: { type: 'any' },
};
const thinker: JsonObject = {
  max_tokens: 9000,
  messages: [{ role: 'user', content: 'U' }],
  thinking: { type: 'enabled', budget_tokens: 2000 },
};

/** Claude's refusals that teach something. */
const sentences = [
  'tools.1.custom.defer_loading: Extra inputs are not permitted',
  'tools.0.custom.input_examples: Extra inputs are not permitted',
  'tools.0.custom.strict: Extra inputs are not permitted',
  'context_management: Extra inputs are not permitted',
  'metadata: Extra inputs are not permitted',
  'output_config.effort: Extra inputs are not permitted',
  'thinking: Extra inputs are not permitted',
  'system.0.cache_control: Extra inputs are not permitted',
  'system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted',
  'messages.1.content.0.tool_use.caller: Extra inputs are not permitted',
  "messages.2.content.0.tool_result.content.0: Input tag 'tool_reference' found using 'type' does not match any of the expected tags: 'text'",
  'max_tokens: 60000 > 1000, which is the maximum allowed number of output tokens for claude',
  'messages.1.content.0: Invalid `signature` in `thinking` block',
  'invalid beta flag',
  '`temperature` is deprecated for this model.',
  'tool_choice: type "tool" and "any" are not supported for this model.',
];

/** How Claude quotes what it refuses. */
const quotations: ((text: string) => string)[] = [
  (text) => text,
  (text) => `${text}: Extra inputs are not permitted`,
  (text) => `tools.0.custom.input_schema.properties.${text}: Extra inputs are not permitted`,
  (text) => `messages.0.content.0.tool_use.input.${text}: Extra inputs are not permitted`,
  (text) =>
    `tools.0: Input tag '${text}' found using 'type' does not match any of the expected tags: 'custom'`,
  (text) => `${text.slice(0, 60)}…`,
];

const members = [
  'metadata',
  'thinking',
  'defer_loading',
  'cache_control',
  'top_k',
  'caller',
  'context_management',
];
const text = fc.oneof(
  fc.constantFrom(...sentences),
  fc.constantFrom(...members),
  fc.tuple(fc.constantFrom(...sentences), fc.string({ maxLength: 5 })).map(([said, more]) => said + more),
);

const tool = (changes: JsonObject): JsonObject => ({
  tools: [{ name: 'f', input_schema: schema, ...changes }],
});
const say = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
/** Everywhere in a body that a client writes what it likes. */
const places: Record<string, (text: string) => JsonObject> = {
  'what the user says': (text) => say({ type: 'text', text }),
  'the system prompt': (text) => ({ system: text }),
  'the description of a tool': (text) => tool({ description: text }),
  'a property of a tool': (text) => tool({ input_schema: { type: 'object', properties: { [text]: {} } } }),
  'a tool that the conversation defines': (text) => {
    const definition = { name: 'd', input_schema: { type: 'object', properties: { [text]: {} } } };
    const added = { type: 'tool_addition', tool: { type: 'tool_definition', definition } };
    return {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'system', content: [added] },
      ],
    };
  },
  'an example of its arguments': (text) => tool({ input_examples: [{ [text]: 1 }] }),
  'the title of a file': (text) =>
    say({ type: 'document', title: text, source: { type: 'text', media_type: 'text/plain', data: 'x' } }),
  'arguments in the history': (text) => ({
    messages: [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: { [text]: text } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c' }] },
    ],
    ...tool({}),
  }),
  'a stop sequence': (text) => ({ stop_sequences: [text] }),
  'its metadata': (text) => ({ metadata: { user_id: text } }),
  'its thinking': (text) => ({ thinking: { type: 'enabled', budget_tokens: 1024, [text]: 1 } }),
};

/** Names that the gateway does not know: they are not sent, so no refusal can quote them. */
const unsent: Record<string, (text: string) => JsonObject> = {
  'an unknown member': (text) => ({ [text]: 1 }),
  'a member of a tool': (text) => tool({ [text]: 1 }),
  'a member of a block': (text) => say({ type: 'text', text: 'x', [text]: 1 }),
  'the kind of a block': (text) => say({ type: text }, { type: 'text', text: 'x' }),
};

/** With whatever a repair could change, so that the repaired request is another one and succeeds. */
const attack = (place: string, text: string): JsonObject => ({
  ...victim,
  tools: [],
  messages: [{ role: 'user', content: 'x' }],
  ...places[place]!(text),
});

async function sentForVictims({ ask, sent }: ReturnType<typeof nativeEngine>) {
  const before = sent.length;
  for (const body of [victim, thinker]) await ask(body, flags);
  return sent.slice(before);
}

describe('nothing is learned from what a client wrote, in its own API', () => {
  test.each(Object.keys(places))('%s', async (place) => {
    const untouched = await sentForVictims(nativeEngine(model, () => undefined));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...quotations), async (text, quote) => {
        const stage = nativeEngine(model, (_, nth) => (nth === 1 ? quote(text) : undefined));
        await stage.ask(attack(place, text), flags).catch(() => undefined);
        expect(await sentForVictims(stage)).toEqual(untouched);
      }),
      { numRuns: 60 },
    );
  });
});

test.each(Object.keys(unsent))('%s is not sent', async (place) => {
  for (const text of sentences) {
    const { ask, sent } = nativeEngine(model, () => undefined);
    await ask({ ...thinker, ...unsent[place]!(text) });
    expect(JSON.stringify(sent)).not.toContain(JSON.stringify(text));
  }
});

describe('what Claude refuses in its own words is learned', () => {
  // The others are of one request, or in words that every schema has (`type`).
  test.each(sentences.filter((said) => !/signature|beta flag|tool_choice/.test(said)))('%s', async (said) => {
    const stage = nativeEngine(model, (_, nth) => (nth === 1 ? said : undefined));
    const body = said.startsWith('thinking') ? thinker : victim;
    await stage.ask(body, flags);
    await stage.ask(body, flags);
    expect(stage.sent).toHaveLength(3);
    expect(stage.sent[2]).toEqual(stage.sent[1]);
    expect(stage.sent[1]).not.toEqual(stage.sent[0]);
  });
});
