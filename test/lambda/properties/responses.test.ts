import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../lambda/apis/responses/request.ts';
import { sealCallId, sealReasoning, sealText } from '../../../lambda/apis/responses/sealed.ts';
import type { Fields } from '../../../lambda/apis/shared/json.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { stateKey } from '../../support/responses.ts';
import { textModels as models, refusal, undecided } from '../../support/simulated-models.ts';

/** Requests to Responses as clients make them: any order of items, state that is ours, another's or lost. */

const claude = 'anthropic.claude-sonnet-4-6';
const thought = { reasoningContent: { reasoningText: { text: 'T', signature: signatureOf('T') } } };
const carrying = sealCallId(
  'tooluse_1',
  [
    { id: 'rs_1', block: thought },
    { id: 'msg_1', block: { text: 'I will.' } },
  ],
  claude,
  stateKey,
);

const text = fc.constantFrom('Hello', 'ends with space ', '', ' ', '👩‍👩‍👧 ünïcode', '<think>T</think>');
const ids = fc.constantFrom('call_1', 'call_2', 'ünïd 3', `c${'x'.repeat(90)}`, carrying);
const names = fc.constantFrom('get_weather', 'get-weather', 'mcp:fs/read.file', 'n'.repeat(80));
const args = fc.constantFrom('', '{}', '{"city":"Paris"}', '{"a":', 'null', '{"a":1}{"a":2}');
const namespace = fc.option(fc.constantFrom('agents', 'mcp__lab'), { nil: undefined });
const part = fc.record({ type: fc.constantFrom('input_text', 'output_text'), text });
const content = fc.oneof(text, fc.array(part, { maxLength: 3 }));
const of = (type: string, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), ...more });

const item = fc.oneof(
  fc.record({ role: fc.constantFrom('user', 'assistant', 'developer', 'system'), content }),
  of('reasoning', {
    id: fc.constantFrom('rs_1', 'rs_2'),
    summary: fc.constantFrom([], [{ type: 'summary_text', text: 'T' }]),
    encrypted_content: fc.constantFrom(null, 'gAAAA', sealReasoning([thought], claude, stateKey)),
  }),
  of('item_reference', { id: fc.constant('rs_1') }),
  of('function_call', { call_id: ids, name: names, namespace, arguments: args }),
  of('function_call_output', { call_id: ids, output: content }),
  of('custom_tool_call', { call_id: ids, name: names, namespace, input: text }),
  of('custom_tool_call_output', { call_id: ids, output: content }),
  of('tool_search_call', { call_id: ids, arguments: fc.constantFrom({}, { query: 'x' }) }),
  of('tool_search_output', {
    call_id: ids,
    tools: fc.constantFrom(
      [],
      [{ type: 'namespace', name: 'found', tools: [{ type: 'function', name: 'f' }] }],
    ),
  }),
  of('local_shell_call', { call_id: ids, action: fc.constant({ type: 'exec', command: ['ls'], env: {} }) }),
  of('shell_call', { call_id: ids, action: fc.constant({ commands: ['ls'], timeout_ms: null }) }),
  of('shell_call_output', { call_id: ids, output: fc.constantFrom([], [{ stdout: 'a', stderr: '' }]) }),
  of('apply_patch_call', { call_id: ids, operation: fc.constant({ type: 'delete_file', path: 'a' }) }),
  of('apply_patch_call_output', { call_id: ids, status: fc.constantFrom('completed', 'failed') }),
  of('compaction', { encrypted_content: fc.constantFrom('gAAAA', sealText('All.', stateKey)) }),
  of('web_search_call'),
);

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const fn = fc.record({ type: fc.constant('function'), name: names, parameters: fc.constant(schema) });
const custom = fc.record({ type: fc.constant('custom'), name: names, description: text });
const tool = fc.oneof(
  fn,
  custom,
  fc.record({
    type: fc.constant('namespace'),
    name: fc.constantFrom('agents', 'mcp__lab'),
    tools: fc.array(fc.oneof(fn, custom), { maxLength: 3 }),
  }),
  fc.constantFrom({ type: 'shell' }, { type: 'local_shell' }, { type: 'apply_patch' }, { type: 'mcp' }),
  fc.constant({ type: 'tool_search', execution: 'client' }),
);

const body: fc.Arbitrary<Fields> = fc.record(
  {
    input: fc.oneof(fc.array(item, { minLength: 1, maxLength: 10 }), fc.constant('Hello')),
    instructions: text,
    tools: fc.array(tool, { maxLength: 5 }),
    tool_choice: fc.constantFrom('none', 'auto', 'required'),
    parallel_tool_calls: fc.boolean(),
    reasoning: fc.constantFrom({ effort: 'none' }, { effort: 'high' }, { summary: 'auto' }, {}),
    text: fc.constantFrom({ verbosity: 'low' }, { format: { type: 'json_schema', name: 's', schema } }),
    max_output_tokens: fc.constantFrom(1, 2000),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    store: fc.boolean(),
  },
  { requiredKeys: ['input'] },
);

/** What a model says to a request; undefined when it takes it, or when the gateway has refused it itself. */
function said(model: string, given: Fields): string | undefined {
  try {
    const { canonical } = translateRequest(
      { ...given, model },
      { stateKey, strict: false, fetched: new Map() },
    );
    const capabilities = capabilitiesOf(model);
    const corrected = { ...capabilities, ...undecided[capabilities.family] };
    const { request, streamable } = fitTo(canonical, corrected);
    return refusal(model, request, streamable);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(400);
    return undefined;
  }
}

describe('any conversation, for every model', () => {
  test('is taken as it is sent', () => {
    fc.assert(
      fc.property(body, fc.constantFrom(...models), (given, model) => {
        expect(said(model, given)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});
