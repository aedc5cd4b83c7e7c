import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldNames, otherNames } from '../../../../lambda/apis/responses/field-names.ts';
import { parameters } from '../../../../lambda/apis/responses/parameters.ts';
import { translateRequest } from '../../../../lambda/apis/responses/request.ts';
import type { Fields } from '../../../../lambda/apis/shared/json.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { goldenCases } from '../../../support/golden.ts';
import { stateKey } from '../../../support/responses.ts';

/** A client's request and what it becomes. Left out: `model` and a short `input` in `responses`, and empty lists. */
interface RequestCase {
  note: string;
  responses: Fields;
  fetched?: Record<string, { mediaType: string; bytes: string }>;
  converse?: unknown;
  intent?: unknown;
  ignored?: string[];
  warnings?: string[];
  /** The answer is to be the summary of the conversation. */
  compaction?: boolean;
  /** What the client knows the offered tools as, where they are called otherwise. */
  tools?: Record<string, object>;
  error?: { status: number; param: string | null; code: string | null; message: string };
}

function translated({ responses, fetched = {} }: RequestCase) {
  try {
    const options = { stateKey, strict: false, fetched: new Map(Object.entries(fetched)) };
    const call = translateRequest({ model: 'm', input: 'Hi', ...responses }, options);
    const { converse, intent } = call.canonical;
    const offered = (converse.toolConfig?.tools ?? []).flatMap((tool) =>
      'toolSpec' in tool ? [tool.toolSpec.name] : [],
    );
    const known = offered.map((name) => [name, call.rendering.tools.of(name)] as const);
    const others = known.filter(([name, tool]) => tool.kind !== 'function' || tool.name !== name);
    return {
      converse,
      intent,
      ...(call.ignored.length > 0 && { ignored: call.ignored }),
      ...(call.warnings.length > 0 && { warnings: call.warnings }),
      ...(call.rendering.compaction && { compaction: true }),
      ...(others.length > 0 && { tools: Object.fromEntries(others) }),
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { status, param, code, message } = error;
    return { error: { status, param, code, message } };
  }
}

describe('a Responses request becomes the canonical one', () => {
  for (const { name, case: golden } of goldenCases<RequestCase>('responses/request')) {
    test(name, () => {
      const { note: _note, responses: _responses, fetched: _fetched, ...expected } = golden;
      expect(JSON.parse(JSON.stringify(translated(golden)))).toEqual(expected);
    });
  }
});

describe('any body', () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const types = [
    ...['message', 'reasoning', 'item_reference', 'compaction', 'compaction_trigger', 'additional_tools'],
    ...['function_call', 'function_call_output', 'custom_tool_call', 'custom_tool_call_output'],
    ...['tool_search_call', 'tool_search_output', 'local_shell_call', 'local_shell_call_output'],
    ...['shell_call', 'shell_call_output', 'apply_patch_call', 'apply_patch_call_output'],
    ...['configuration_update', 'web_search_call', '__proto__', 'constructor'],
  ];
  const tool = fc.dictionary(
    fc.constantFrom('name', 'description', 'parameters', 'tools', 'format', 'execution', 'defer_loading'),
    anything,
  );
  const tools = fc.array(
    fc.tuple(tool, fc.constantFrom('function', 'custom', 'namespace', 'tool_search', 'shell', 'x')),
    { maxLength: 4 },
  );
  const item = fc.record(
    {
      type: fc.constantFrom(...types),
      role: fc.constantFrom('user', 'assistant', 'developer', 'system', 'tool'),
      content: fc.oneof(fc.string(), anything),
      id: fc.oneof(fc.constantFrom('rs_1', 'msg_1'), anything),
      call_id: fc.oneof(fc.constantFrom('c1', 'c2', `call_gw1_${'A'.repeat(60)}`), anything),
      name: fc.oneof(fc.constantFrom('f', '__proto__'), anything),
      namespace: fc.oneof(fc.constant('ns'), anything),
      arguments: fc.oneof(fc.constantFrom('{}', '', '{"a":'), anything),
      input: anything,
      output: fc.oneof(fc.string(), anything),
      action: fc.oneof(fc.constant({}), anything),
      operation: fc.oneof(fc.constant({}), anything),
      encrypted_content: fc.oneof(fc.constantFrom('gw1.AAAA', 'gAAAA'), anything),
      summary: anything,
      tools: tools.map((list) => list.map(([fields, type]) => ({ ...fields, type }))),
    },
    { requiredKeys: [] },
  );
  const body = fc.record(
    {
      model: fc.constantFrom('m', 'us.anthropic.claude-sonnet-5-5'),
      input: fc.oneof(fc.string(), fc.array(item, { maxLength: 8 }), anything),
      instructions: fc.oneof(fc.string(), anything),
      tools: tools.map((list) => list.map(([fields, type]) => ({ ...fields, type }))),
      tool_choice: fc.oneof(fc.constantFrom('none', 'auto', 'required'), anything),
      text: anything,
      reasoning: anything,
      prompt: anything,
    },
    { requiredKeys: ['model'] },
  );

  test('is translated or refused with an error that clients may see', () => {
    fc.assert(
      fc.property(body, (given) => {
        try {
          const { canonical } = translateRequest(given, { stateKey, strict: false, fetched: new Map() });
          expect(canonical.converse.messages.every(({ content }) => Array.isArray(content))).toBe(true);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect([400, 404]).toContain(error.status);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('every name is one that the API has', () => {
  const absent = ['n', 'top_k', 'stop', 'frequency_penalty', 'presence_penalty', 'seed', 'logit_bias'];
  const elsewhere = [
    'prompt_cache_breakpoint',
    'cache_control',
    'guarded_text',
    'required',
    'tools (web_search)',
  ];
  const others = Object.values(otherNames).flatMap((names) =>
    names.map((name) => (typeof name === 'string' ? name : name.name)),
  );
  const roots = [...Object.values(fieldNames), ...others].map((name) => name.split('.')[0] ?? '');
  const unknown = roots.filter((root) => !(root in parameters) && !elsewhere.includes(root));
  expect(unknown).toEqual(absent.filter((name) => unknown.includes(name)));
});
