/**
 * Chat requests whose every part is allowed and whose number is not sensible: what each of them becomes must grow
 * with its size alone, and not with a product of two of its parts. `n` is about how many of something it has.
 */
export const hostileRequests: Readonly<Record<string, (n: number) => Record<string, unknown>>> = {
  'arguments of many calls in one, under a long id': (n) =>
    conversation([called([toolCall('c'.repeat(17_000), '{}'.repeat(n))])]),
  'ids that are hashed by their length alone': (n) => {
    const ids = Array.from({ length: Math.ceil(n / 250) }, (_, i) => String(i).padStart(17_000, 'c'));
    return conversation([called(ids.map((id) => toolCall(id))), ...ids.map(result)]);
  },
  'many calls without a result': (n) => conversation([called(list(n, (i) => toolCall(`t${i}`)))]),
  'many results without a call': (n) => conversation(list(n, (i) => result(`t${i}`))),
  'one id for many calls of one turn': (n) =>
    conversation([called(list(n, (i) => toolCall('t', `{"i":${i}}`))), ...list(n, () => result('t'))]),
  'ids that the stand-ins for repeated ones would have': (n) =>
    conversation([called(list(n, (i) => toolCall(i % 2 ? `t_${i}` : 't', `{"i":${i}}`)))]),
  'calls and results in turn': (n) =>
    conversation(list(n, (i) => [called([toolCall(`t${i}`)]), result(`t${i}`)]).flat()),
  'calls of the older form, and results for them': (n) =>
    conversation([
      ...list(n, () => ({ role: 'assistant', function_call: { name: 'f', arguments: '{}' } })),
      ...list(n, () => ({ role: 'function', name: 'f', content: 'r' })),
    ]),
  'calls and blocks with reasoning to be matched': (n) =>
    conversation([
      {
        ...called(list(n, (i) => ({ ...toolCall(`t${i}`), ...carrying(`s${i}`) }))),
        thinking_blocks: list(n, (i) => ({ type: 'thinking', thinking: 't', signature: `s${n - i}` })),
      },
    ]),
  'reasoning details': (n) =>
    conversation([
      {
        role: 'assistant',
        content: 'x',
        reasoning_details: list(n, (i) => ({ type: 'reasoning.text', text: 't', signature: `s${i}` })),
      },
    ]),
  'tools, and a choice among all of them': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => tool(`f${i}`)),
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: {
        mode: 'auto',
        tools: list(n, (i) => ({ type: 'function', function: { name: `f${n - 1 - i}` } })),
      },
    },
  }),
  'tools that are defined twice': (n) => ({ ...conversation([]), tools: list(n, (i) => tool(`f${i >> 1}`)) }),
  'tools with names that become the same': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => tool([...String(i)].map((digit) => '!?*+~#&%$§'[Number(digit)]).join(''))),
  }),
  'tools with one long beginning': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => tool(`${'f'.repeat(80)}${i}`)),
  }),
  'a tool with many properties': (n) => ({
    ...conversation([]),
    tools: [tool('f', Object.fromEntries(list(n, (i) => [`p${i}`, { type: 'string' }])))],
  }),
  'an output schema with many properties': (n) => ({
    ...conversation([]),
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 's',
        schema: {
          type: 'object',
          properties: Object.fromEntries(list(n, (i) => [`p${i}`, { type: 'string' }])),
          required: list(n, (i) => `p${i}`),
        },
      },
    },
  }),
  'parts of a system message': (n) => ({
    ...conversation([]),
    messages: [{ role: 'system', content: list(n, () => 'x') }, user],
  }),
  'parts of a message': (n) => conversation([{ role: 'user', content: list(n, () => '') }]),
  'system messages in between': (n) =>
    conversation(list(n, (i) => (i % 2 ? user : { role: 'system', content: 'x' }))),
  'turns of one role': (n) => conversation(list(n, () => user)),
  'cache points': (n) =>
    conversation([
      {
        role: 'user',
        content: list(n, () => ({ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } })),
      },
    ]),
  'documents of one name, with cache points': (n) =>
    conversation([
      {
        role: 'user',
        content: list(n, (i) => ({
          type: 'file',
          file: { filename: 'a.txt', file_data: 'data:text/plain;base64,QUJD' },
          ...(i % 3 === 0 && { cache_control: { type: 'ephemeral' } }),
        })),
      },
    ]),
  'images in the result of a tool': (n) =>
    conversation([
      called([toolCall('t')]),
      { role: 'tool', tool_call_id: 't', content: list(n, () => ({ type: 'image_url', image_url: png })) },
    ]),
  'a name of nothing but endings': (n) =>
    conversation([
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: `${'.a?'.repeat(n)}\n`, file_data: 'data:x/y;base64,QUJD' } },
        ],
      },
    ]),
  'an object of S3 with a name of nothing but endings': (n) =>
    conversation([
      { role: 'user', content: [{ type: 'image_url', image_url: `s3://b/${'.a#'.repeat(n)}\n` }] },
    ]),
  'a media type with parameters': (n) =>
    conversation([
      { role: 'user', content: [{ type: 'image_url', image_url: `data:${'a;'.repeat(n)}base64,QUJD` }] },
    ]),
  'base64 in lines': (n) =>
    conversation([
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: `data:image/png;base64,${'QUJD\n'.repeat(n)}` }],
      },
    ]),
  'fallback models': (n) => ({ ...conversation([]), models: list(n, (i) => `amazon.m${i}-v1:0`) }),
  'stop sequences': (n) => ({ ...conversation([]), stop: list(n, (i) => `stop${i}`) }),
  metadata: (n) => ({ ...conversation([]), metadata: Object.fromEntries(list(n, (i) => [`k${i}`, 'v'])) }),
  'unknown parameters': (n) => ({ ...conversation([]), ...Object.fromEntries(list(n, (i) => [`x${i}`, 1])) }),
  'beta flags': (n) => ({ ...conversation([]), anthropic_beta: list(n, (i) => `beta-${i}`) }),
  'prompt variables': (n) => ({
    ...conversation([]),
    promptVariables: Object.fromEntries(list(n, (i) => [`k${i}`, 'v'])),
  }),
  'braces in the arguments': (n) => conversation([called([toolCall('t', `{"a":"${'{'.repeat(n)}"} x`)])]),
};

const user = { role: 'user', content: 'x' };
const png = `data:image/png;base64,${Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64')}`;

function conversation(messages: readonly object[]) {
  return {
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    tools: [tool('f')] as object[],
    messages: [user, ...messages, user] as object[],
  };
}

function list<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function tool(name: string, properties: object = {}) {
  return { type: 'function', function: { name, parameters: { type: 'object', properties } } };
}

function toolCall(id: string, args = '{}') {
  return { id, type: 'function', function: { name: 'f', arguments: args } };
}

const called = (calls: object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'r' });
const carrying = (signature: string) => ({
  extra_content: { bedrock: { thinking_blocks: [{ type: 'thinking', thinking: '', signature }] } },
});
