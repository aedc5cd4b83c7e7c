/**
 * Requests to the Messages API whose every part is allowed and whose number is not sensible: what each of them becomes
 * must grow with its size alone, and not with a product of two of its parts. `n` is about how many of something it has.
 */
export const hostileMessages: Readonly<Record<string, (n: number) => Record<string, unknown>>> = {
  'blocks of a message': (n) => conversation([said(list(n, () => text('x')))]),
  'blank blocks': (n) => conversation([said(list(n, () => text(' ')))]),
  'turns of one role': (n) => conversation(list(n, () => said('x'))),
  'turns of both roles': (n) => conversation(list(n, (i) => (i % 2 ? said('x') : answered('y')))),
  'system messages in between': (n) =>
    conversation(list(n, (i) => (i % 2 ? said('x') : { role: 'system', content: 'y' }))),
  'system messages without content': (n) =>
    conversation(list(n, () => ({ role: 'system', content: [], output_config: { effort: 'low' } }))),
  'parts of a system prompt': (n) => ({ ...conversation([]), system: list(n, () => text('x')) }),
  'thoughts of one turn': (n) => conversation([answered([...list(n, (i) => thought(i)), text('x')])]),
  'thoughts of many turns': (n) =>
    conversation(list(n, (i) => [answered([thought(i), text('x')]), said('y')]).flat()),
  'redacted thoughts': (n) => conversation([answered([...list(n, () => redacted), text('x')])]),
  'calls and results in turn': (n) =>
    conversation(list(n, (i) => [answered([call(i)]), said([result(i)])]).flat()),
  'calls of one turn, answered the other way round': (n) =>
    conversation([answered(list(n, call)), said(list(n, (i) => result(n - 1 - i)))]),
  'calls without results': (n) => conversation([answered(list(n, call))]),
  'results without calls': (n) => conversation([said(list(n, result))]),
  'one id for all calls': (n) =>
    conversation([answered(list(n, () => call(0))), said(list(n, () => result(0)))]),
  'ids that are hashed by their length alone': (n) => {
    const ids = list(Math.ceil(n / 250), (i) => String(i).padStart(17_000, 'c'));
    return conversation([
      answered(ids.map((id) => ({ ...call(0), id }))),
      said(ids.map((tool_use_id) => ({ ...result(0), tool_use_id }))),
    ]);
  },
  'texts in the result of a tool': (n) =>
    conversation([
      answered([call(0)]),
      said([
        result(
          0,
          list(n, () => text('x')),
        ),
      ]),
    ]),
  'images in the result of a tool': (n) =>
    conversation([
      answered([call(0)]),
      said([
        result(
          0,
          list(n, () => image),
        ),
      ]),
    ]),
  'tools that are deferred, and found one by one': (n) => ({
    ...conversation([
      answered([call(0)]),
      said([
        result(
          0,
          list(n, (i) => ({ type: 'tool_reference', tool_name: `f${n - i}` })),
        ),
      ]),
    ]),
    tools: [tool('f'), ...list(n, (i) => ({ ...tool(`f${i}`), defer_loading: true }))],
  }),
  'searches that find what is not there': (n) =>
    conversation([
      answered([call(0)]),
      said([
        result(
          0,
          list(n, (i) => ({ type: 'tool_reference', tool_name: `g${i}` })),
        ),
      ]),
    ]),
  'tools of which none is there at first': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => ({ ...tool(`f${i}`), defer_loading: true })),
  }),
  'tools, the last of which is chosen': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => tool(`f${i}`)),
    tool_choice: { type: 'tool', name: `f${n - 1}` },
  }),
  'tools that are defined twice': (n) => ({ ...conversation([]), tools: list(n, (i) => tool(`f${i >> 1}`)) }),
  'a tool with many properties': (n) => ({
    ...conversation([]),
    tools: [tool('f', Object.fromEntries(list(n, (i) => [`p${i}`, { type: 'string' }])))],
  }),
  'an output schema with many properties': (n) => ({
    ...conversation([]),
    output_config: {
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: Object.fromEntries(list(n, (i) => [`p${i}`, { type: 'string' }])),
        },
      },
    },
  }),
  'cache marks': (n) => conversation([said(list(n, () => ({ ...text('x'), ...mark })))]),
  'cache marks everywhere': (n) => ({
    ...conversation(
      list(n, (i) => (i % 2 ? said([{ ...text('x'), ...mark }]) : answered([{ ...text('y'), ...mark }]))),
    ),
    system: list(n, () => ({ ...text('x'), ...mark })),
    tools: list(n, (i) => ({ ...tool(`f${i}`), ...mark })),
  }),
  'documents of one title': (n) =>
    conversation([
      said(
        list(n, () => ({
          type: 'document',
          title: 'a',
          source: { type: 'text', media_type: 'text/plain', data: 'x' },
        })),
      ),
    ]),
  'calls that servers made': (n) =>
    conversation([
      answered(
        list(n, (i) => [
          { type: 'server_tool_use', id: `s${i}`, name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: `s${i}`, content: [] },
        ]).flat(),
      ),
    ]),
  'blocks that nobody knows': (n) =>
    conversation([said([...list(n, (i) => ({ type: `odd_${i}` })), text('x')])]),
  'members that nobody knows': (n) =>
    conversation([said([{ ...text('x'), ...Object.fromEntries(list(n, (i) => [`x${i}`, 1])) }])]),
  'unknown parameters': (n) => ({ ...conversation([]), ...Object.fromEntries(list(n, (i) => [`x${i}`, 1])) }),
  'beta flags': (n) => ({
    ...conversation([]),
    anthropic_beta: list(n, (i) => `beta-${i}`),
    betas: list(n, (i) => `beta-${i}`),
  }),
  'edits of the context': (n) => ({
    ...conversation([]),
    context_management: { edits: list(n, () => ({ type: 'clear_tool_uses_20250919' })) },
  }),
  'stop sequences': (n) => ({ ...conversation([]), stop_sequences: list(n, (i) => `stop${i}`) }),
  'fallback models': (n) => ({
    ...conversation([]),
    fallbacks: list(Math.min(n, 50), (i) => `amazon.m${i}-v1:0${'x'.repeat(n / 50)}`),
  }),
  compactions: (n) =>
    conversation(list(n, (i) => (i % 2 ? said('x') : answered([{ type: 'compaction', content: 'y' }])))),
};

const mark = { cache_control: { type: 'ephemeral' } };
const redacted = { type: 'redacted_thinking', data: 'QUJD' };
const image = {
  type: 'image',
  source: {
    type: 'base64',
    media_type: 'image/png',
    data: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64'),
  },
};

function conversation(messages: readonly object[]) {
  return {
    model: 'us.anthropic.claude-sonnet-5-5',
    max_tokens: 1000,
    tools: [tool('f')] as object[],
    messages: [said('x'), ...messages, said('x')] as object[],
  };
}

const list = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const said = (content: string | object[]) => ({ role: 'user', content });
const answered = (content: string | object[]) => ({ role: 'assistant', content });
const text = (value: string) => ({ type: 'text', text: value });
const thought = (i: number) => ({ type: 'thinking', thinking: 't', signature: `s${i}` });
const call = (i: number) => ({ type: 'tool_use', id: `t${i}`, name: 'f', input: {} });
const result = (i: number, content: string | object[] = 'r') => ({
  type: 'tool_result',
  tool_use_id: `t${i}`,
  content,
});

function tool(name: string, properties: object = {}) {
  return { name, input_schema: { type: 'object', properties } };
}
