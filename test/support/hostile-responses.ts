import { sealCallId, sealReasoning } from '../../lambda/apis/responses/sealed.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';

/**
 * Requests to Responses whose every part is allowed and whose number is not sensible: what each of them becomes must
 * grow with its size alone, and not with a product of two of its parts. `n` is about how many of something it has.
 */
export const hostileResponses: Readonly<Record<string, (n: number) => Record<string, unknown>>> = {
  'many items of every role': (n) =>
    conversation(list(n, (i) => ({ role: ['user', 'assistant', 'developer'][i % 3], content: 'x' }))),
  'parts of a message': (n) => conversation([{ role: 'user', content: list(n, () => text) }]),
  'calls and outputs in turn': (n) => conversation(list(n, (i) => [call(`t${i}`), output(`t${i}`)]).flat()),
  'calls without outputs': (n) => conversation(list(n, (i) => call(`t${i}`))),
  'outputs without calls': (n) => conversation(list(n, (i) => output(`t${i}`))),
  'one id for all calls and outputs': (n) =>
    conversation([...list(n, (i) => call('t', `{"i":${i}}`)), ...list(n, () => output('t'))]),
  'outputs by the name of the function': (n) =>
    conversation([
      ...list(n, (i) => call(`t${i}`)),
      ...list(n, () => ({ type: 'function_call_output', name: 'f', output: 'r' })),
    ]),
  'ids that are hashed by their length alone': (n) => {
    const ids = list(Math.ceil(n / 250), (i) => String(i).padStart(17_000, 'c'));
    return conversation([...ids.map((id) => call(id)), ...ids.map((id) => output(id))]);
  },
  'local shells by the ids of their items': (n) =>
    conversation([
      ...list(n, (i) => ({ type: 'local_shell_call', id: `i${i}`, call_id: `c${i}`, action: {} })),
      ...list(n, (i) => ({ type: 'local_shell_call_output', id: `i${n - i}`, output: 'r' })),
    ]),
  'reasoning of somebody else': (n) => conversation(list(n, (i) => reasoning(`rs_${i}`, 'gAAAA'))),
  'reasoning of ours': (n) => conversation(list(n, (i) => reasoning(`rs_${i}`, sealed))),
  'reasoning that one call carries, and items for it': (n) =>
    conversation([...list(n, (i) => reasoning(`rs_${i % 4}`)), call(carrying), output(carrying)]),
  'one call that carries reasoning, again and again': (n) =>
    conversation(list(n, () => [reasoning('rs_0'), call(carrying), output(carrying)]).flat()),
  'references to reasoning': (n) =>
    conversation([...list(n, (i) => ({ type: 'item_reference', id: `rs_${i}` })), call(carrying)]),
  'references to one text': (n) =>
    conversation([...list(n, () => ({ type: 'item_reference', id: 'msg_0' })), call(carrying)]),
  'thoughts as text': (n) =>
    conversation([
      ...list(n, () => ({ role: 'assistant', content: '<think>x</think>' })),
      call(carrying),
      output(carrying),
    ]),
  'thoughts that do not end': (n) =>
    conversation([{ role: 'assistant', content: '<think>'.repeat(n) }, call(carrying), output(carrying)]),
  'compactions and triggers': (n) =>
    conversation(list(n, (i) => ({ type: i % 2 ? 'compaction' : 'compaction_trigger' }))),
  'items of unknown types': (n) => conversation(list(n, (i) => ({ type: `x${i}` }))),
  'configurations with many members': (n) =>
    conversation([
      { type: 'configuration_update', reasoning: Object.fromEntries(list(n, (i) => [`k${i}`, 1])) },
      ...list(n, () => ({ type: 'configuration_update', reasoning: { x: 1 } })),
    ]),
  tools: (n) => ({ ...conversation([]), tools: list(n, (i) => fn(`f${i}`)) }),
  'tools that are defined twice': (n) => ({ ...conversation([]), tools: list(n, (i) => fn(`f${i >> 1}`)) }),
  'namespaces of one tool': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => ({ type: 'namespace', name: `n${i}`, tools: [fn('f')] })),
  }),
  'a namespace of many tools': (n) => ({
    ...conversation([]),
    tools: [{ type: 'namespace', name: 'n', tools: list(n, (i) => fn(`f${i}`)) }],
  }),
  'names that become the same': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => ({
      type: 'namespace',
      name: list(1 + (i % 100), () => 'a').join('__'),
      tools: [fn(list(1 + ((99 - (i % 100)) % 100), () => 'a').join('__')), fn(`a_${i}`)],
    })),
  }),
  'a choice among all tools': (n) => ({
    ...conversation([]),
    tools: list(n, (i) => fn(`f${i}`)),
    tool_choice: {
      type: 'allowed_tools',
      mode: 'auto',
      tools: list(n, (i) => ({ type: 'function', name: `f${n - 1 - i}` })),
    },
  }),
  'a choice of one namespace, again and again': (n) => ({
    ...conversation([]),
    tools: [{ type: 'namespace', name: 'n', tools: list(n, (i) => fn(`f${i}`)) }],
    tool_choice: {
      type: 'allowed_tools',
      mode: 'auto',
      tools: list(n, () => ({ type: 'namespace', name: 'n' })),
    },
  }),
  'tools that OpenAI runs': (n) => ({ ...conversation([]), tools: list(n, (i) => ({ type: `x${i}` })) }),
  'searches that find the same tools': (n) =>
    conversation(
      list(n, (i) => [
        { type: 'tool_search_call', call_id: `s${i}`, arguments: {} },
        { type: 'tool_search_output', call_id: `s${i}`, tools: list(4, (j) => fn(`f${j}`)) },
      ]).flat(),
    ),
  'tools in items': (n) => conversation(list(n, (i) => ({ type: 'additional_tools', tools: [fn(`f${i}`)] }))),
  'addresses of images': (n) =>
    conversation([
      {
        role: 'user',
        content: list(n, (i) => ({ type: 'input_image', image_url: `https://x.example/${i}` })),
      },
    ]),
  'marks for the cache': (n) =>
    conversation(list(n, () => ({ role: 'user', content: [{ ...text, prompt_cache_breakpoint: {} }] }))),
  'unknown parameters': (n) => ({ ...conversation([]), ...Object.fromEntries(list(n, (i) => [`x${i}`, 1])) }),
  'what is to be included': (n) => ({ ...conversation([]), include: list(n, (i) => `x${i}`) }),
};

export const hostileKey = deriveStateKey('growth');
const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const text = { type: 'input_text', text: 'x' };
const user = { role: 'user', content: 'x' };
const block = { reasoningContent: { reasoningText: { text: 't', signature: 's' } } };
const sealed = sealReasoning([block], model, hostileKey);
const carrying = sealCallId(
  'tooluse_1',
  [
    ...list(4, (i) => ({
      id: `rs_${i}`,
      block: { reasoningContent: { reasoningText: { text: 't', signature: `s${i}` } } },
    })),
    { id: 'msg_0', block: { text: 'words' } },
  ],
  model,
  hostileKey,
);

function conversation(items: readonly object[]): Record<string, unknown> {
  return { model, tools: [fn('f')], input: [user, ...items, user] };
}

function list<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function fn(name: string) {
  return { type: 'function', name, parameters: { type: 'object', properties: {} } };
}

function call(call_id: string, args = '{}') {
  return { type: 'function_call', call_id, name: 'f', arguments: args };
}

function output(call_id: string) {
  return { type: 'function_call_output', call_id, output: 'r' };
}

function reasoning(id: string, content?: string | null) {
  return { type: 'reasoning', id, summary: [], ...(content && { encrypted_content: content }) };
}
