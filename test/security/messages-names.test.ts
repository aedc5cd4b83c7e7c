import { describe, expect, test } from 'vitest';
import { haiku45, hello, novaPro, sonnet55, tool, toolTurns, user } from '../support/messages.ts';
import { scriptedGateway } from '../support/scripted-gateway.ts';
import { member, statusesOf } from './ordinary-names.ts';

const gateway = scriptedGateway();

describe('names that every object has are nothing special in Messages', () => {
  const text = { type: 'text', text: 'x' };
  const block = (type: string, more = {}) => ({ messages: [user([{ type, ...more }, text])] });
  const source = (more: object) => ({ type: 'base64', media_type: 'image/png', data: 'QUJD', ...more });
  const replayed = (name: string, more = {}, result = {}) => ({
    tools: [tool('f')],
    messages: [user('x'), ...toolTurns('t', name, result).map((turn) => ({ ...turn, ...more }))],
  });

  const places: Record<string, (name: string) => Record<string, unknown>> = {
    model: (model) => ({ model }),
    role: (role) => ({ messages: [{ role, content: 'x' }] }),
    'type of a block': (type) => block(type, { [type]: 'x' }),
    'type of a source': (type) => block('image', { source: source({ type }) }),
    'type of a file': (media_type) => block('document', { source: source({ media_type }) }),
    'type of a mark': (type) => block('text', { text: 'y', cache_control: { type, ttl: type } }),
    'member of a block': (name) => block('text', { text: 'y', ...member(name, { a: 1 }) }),
    'member of a message': (name) => ({ messages: [{ ...user('x'), ...member(name, 1) }] }),
    'member of a tool': (name) => ({ tools: [{ ...tool('f'), ...member(name, 1) }] }),
    'name of a tool': (name) => ({ tools: [tool(name)] }),
    'type of a tool': (type) => ({ tools: [{ type, name: 'f' }] }),
    'name of a property': (name) => ({
      tools: [{ name: 'f', input_schema: { type: 'object', properties: member(name, { type: 'string' }) } }],
    }),
    'keyword of a schema': (name) => ({
      tools: [{ name: 'f', input_schema: { type: 'object', ...member(name, {}) } }],
    }),
    tool_choice: (type) => ({ tools: [tool('f')], tool_choice: { type, [type]: {} } }),
    'tool that is chosen': (name) => ({ tools: [tool('f')], tool_choice: { type: 'tool', name } }),
    'tool of a call': (name) => replayed(name),
    'argument of a call': (name) => ({
      tools: [tool('f')],
      messages: [
        user('x'),
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: member(name, 1) }] },
        user([{ type: 'tool_result', tool_use_id: 't', content: 'r' }]),
      ],
    }),
    'block of a result': (type) => replayed('f', {}, { content: [{ type, [type]: 'x' }] }),
    'tool that a search has found': (tool_name) =>
      replayed('f', {}, { content: [{ type: 'tool_reference', tool_name }] }),
    thinking: (type) => ({ thinking: { type, budget_tokens: 2000 }, max_tokens: 4000 }),
    display: (display) => ({ thinking: { type: 'adaptive', display, ...member(display, 1) } }),
    effort: (effort) => ({ output_config: { effort, ...member(effort, 1) } }),
    'type of a format': (type) => ({ output_config: { format: { type, schema: {} } } }),
    beta: (beta) => ({ anthropic_beta: [beta], betas: [beta] }),
    'kind of an edit': (type) => ({ context_management: { edits: [{ type }] } }),
    service_tier: (service_tier) => ({ service_tier }),
    'member of metadata': (name) => ({ metadata: { user_id: name, ...member(name, 'v') } }),
    'stop sequence': (name) => ({ stop_sequences: [name] }),
    parameter: (name) => member(name, { a: 1 }),
    'field of the model': (name) => ({ additionalModelRequestFields: member(name, { a: 1 }) }),
    fallback: (name) => ({ fallbacks: [name] }),
  };

  test.each(Object.entries(places))('%s', async (_, make) => {
    for (const model of [sonnet55, haiku45, novaPro]) {
      const statuses = await statusesOf((name) =>
        gateway.stack.post('/messages', hello({ model, ...make(name) }), { 'anthropic-beta': name }),
      );
      // One as the other: no name of these means anything to the gateway, or is left out by it.
      expect([...statuses]).toHaveLength(1);
    }
  });
});
