import { describe, expect, test } from 'vitest';
import type { CanonicalRequest } from '../../../lambda/canonical/request.ts';
import { innerRequest } from '../../../lambda/techniques/inner-request.ts';
import type { CallClass, InnerCall } from '../../../lambda/techniques/types.ts';

const client: CanonicalRequest = {
  model: 'm',
  converse: {
    messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    system: [{ text: 'be brief' }],
    inferenceConfig: { maxTokens: 100, temperature: 0.3, stopSequences: ['END'] },
    toolConfig: { tools: [{ toolSpec: { name: 't', inputSchema: { json: { type: 'object' } } } }] },
    additionalModelRequestFields: { top_k: 5 },
    additionalModelResponseFieldPaths: ['/stop'],
    outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{}' } } } },
    guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
  },
  intent: {
    anthropicBeta: ['beta'],
    plainInstructions: true,
    cacheMode: 'auto',
    enforcedGuardrail: { guardrailIdentifier: 'e', guardrailVersion: '2' },
    toolChoiceNone: true,
    parallelToolCalls: false,
    webSearch: true,
    outputFormat: { type: 'json_object' },
    seed: 7,
    reasoning: { effort: 'high' },
  },
};
const terms = {
  anthropicBeta: ['beta'],
  plainInstructions: true,
  cacheMode: 'auto',
  enforcedGuardrail: { guardrailIdentifier: 'e', guardrailVersion: '2' },
};

const call = (kind: CallClass, more: Partial<InnerCall> = {}): InnerCall => ({
  role: 'r',
  class: kind,
  messages: [{ role: 'user', content: [{ text: 'inner' }] }],
  ...more,
});
const inner = (kind: CallClass, more?: Partial<InnerCall>, step = 'bon/r') =>
  innerRequest(client, call(kind, more), { step, requestId: 'req' });

describe('what an inner call has of the client’s request', () => {
  test.each(['answer', 'sample', 'work', 'judge'] as const)('%s: its terms', (kind) => {
    const { converse, intent } = inner(kind);
    expect(converse.guardrailConfig).toEqual(client.converse.guardrailConfig);
    expect(converse.system).toEqual(client.converse.system);
    expect(intent).toMatchObject(terms);
  });

  test.each(['answer', 'sample'] as const)('%s: what shapes an answer', (kind) => {
    const { converse, intent } = inner(kind);
    expect(converse).toMatchObject({
      additionalModelRequestFields: { top_k: 5 },
      additionalModelResponseFieldPaths: ['/stop'],
      outputConfig: client.converse.outputConfig,
      inferenceConfig: { maxTokens: 100, stopSequences: ['END'] },
    });
    expect(intent).toMatchObject({
      webSearch: true,
      outputFormat: { type: 'json_object' },
      seed: 7,
      reasoning: { effort: 'high' },
    });
  });

  test.each([
    ['work', 4096],
    ['judge', 512],
  ] as const)('%s: nothing that shapes an answer, and no thinking', (kind, maxTokens) => {
    const { converse, intent } = inner(kind, { tools: true });
    expect(Object.keys(converse).sort()).toEqual([
      'guardrailConfig',
      'inferenceConfig',
      'messages',
      'requestMetadata',
      'system',
    ]);
    expect(converse.inferenceConfig).toEqual({ maxTokens });
    expect(intent).toEqual({
      ...terms,
      temperatureIsHint: true,
      thinkingRoom: 4096,
      reasoning: { effort: 'none' },
    });
  });

  test('only a call that may call tools has them, and what the client said of calling them', () => {
    const may = inner('answer', { tools: true });
    expect(may.converse.toolConfig).toEqual(client.converse.toolConfig);
    expect(may.intent).toMatchObject({ toolChoiceNone: true, parallelToolCalls: false });
    const not = inner('answer');
    expect(not.converse).not.toHaveProperty('toolConfig');
    expect(not.intent).not.toHaveProperty('toolChoiceNone');
    expect(not.intent).not.toHaveProperty('parallelToolCalls');
  });

  test('a step on the way has neither the client’s format nor its stop sequences', () => {
    const { converse, intent } = inner('sample', {}, 'rstar/step');
    expect(intent).not.toHaveProperty('outputFormat');
    expect(converse.inferenceConfig).not.toHaveProperty('stopSequences');
  });

  test('the client’s own temperature governs answers, and the technique’s the samples', () => {
    const of = (kind: CallClass) => inner(kind, { temperature: 0.9 });
    expect(of('answer').converse.inferenceConfig?.temperature).toBe(0.3);
    expect(of('answer').intent).not.toHaveProperty('temperatureIsHint');
    expect(of('sample').converse.inferenceConfig?.temperature).toBe(0.9);
    expect(of('sample').intent.temperatureIsHint).toBe(true);
  });
});

describe('the metadata of an inner call', () => {
  const marked = (requestMetadata: Record<string, string>) =>
    innerRequest({ ...client, converse: { ...client.converse, requestMetadata } }, call('sample'), {
      step: 'bon/sample',
      requestId: 'req',
    }).converse.requestMetadata ?? {};
  const entries = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-${i}`, 'v']));
  const marks = { 'optimisation-step': 'bon/sample', 'optimisation-request': 'req' };

  test('the marks are there, whatever the client calls its own', () => {
    expect(marked({ team: 'a', 'optimisation-step': 'x', ' Optimisation-Request ': 'y' })).toEqual({
      team: 'a',
      ...marks,
    });
  });

  test('as many of the client’s entries as Bedrock takes beside the marks', () => {
    const kept = marked(entries(16));
    expect(Object.keys(kept)).toHaveLength(16);
    expect(kept).toMatchObject(marks);
  });

  test('more than Bedrock takes is not hidden: the call is refused for it', () => {
    expect(Object.keys(marked(entries(17))).length).toBeGreaterThan(16);
  });
});
