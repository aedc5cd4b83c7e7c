import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalRequest, Intent } from '../../../lambda/canonical/request.ts';
import type { ContentBlock, ConverseAnswer, ConverseRequest } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { createFit } from '../../../lambda/fit/index.ts';
import { allSteps, stepsFor } from '../../../lambda/fit/on-demand.ts';
import type { Fit } from '../../../lambda/fit/types.ts';
import type { Capabilities } from '../../../lambda/models/capabilities.ts';
import { families, unknownFamily } from '../../../lambda/models/families/families.ts';
import { ableToAll } from '../../support/capabilities.ts';
import { fit } from '../../support/fit.ts';
import { openAiBody } from '../../support/openai-body.ts';

/** One thing beyond text that a request may bring, and the steps that are loaded for it. */
interface Feature {
  name: string;
  loads: string[];
  converse?: Partial<ConverseRequest>;
  /** Blocks of a turn of the assistant and of the user's after it. */
  said?: ContentBlock[];
  asked?: ContentBlock[];
  intent?: Intent;
}

const tools = [
  'fitCalledNames',
  'fitParallelCalls',
  'fitStructuredOutput',
  'fitToolArguments',
  'fitTools',
  'fitWebSearch',
];
const reasoning = ['fitBetas', 'fitReasoning'];
const schema = { type: 'object', properties: { city: { type: 'string' } } };
const toolSpec = { name: 'look.up', description: 'Looks up', inputSchema: { json: schema } };
const call: ContentBlock = { toolUse: { toolUseId: 'a b', name: 'look.up', input: {} } };
const result = (content: object[]) => ({ toolResult: { toolUseId: 'a b', content } }) as ContentBlock;
const image = { image: { format: 'jpg', source: { bytes: 'aGVsbG8=' } } };
const document = { document: { name: 'a.b', format: 'txt', source: { bytes: 'aGVsbG8=' } } };
const found = { searchResult: { source: 'https://a', title: 'A', content: [{ text: 'Wet.' }] } };
const cachePoint = { cachePoint: { type: 'default' as const } };

const features: readonly Feature[] = [
  {
    name: 'a line for billing',
    loads: ['fitBillingLine'],
    converse: { system: [{ text: 'x-anthropic-billing-header: cc_version=2;\nBe brief.' }] },
  },
  { name: 'an image', loads: ['fitMedia', 'fitCitations'], asked: [image] },
  { name: 'a document', loads: ['fitMedia', 'fitCitations'], asked: [document] },
  { name: 'a search result', loads: ['fitSearchResults'], asked: [found] },
  {
    name: 'a search result in a result',
    loads: ['fitSearchResults', ...tools],
    said: [call],
    asked: [result([found])],
  },
  { name: 'tools', loads: tools, converse: { toolConfig: { tools: [{ toolSpec }] } } },
  { name: 'a call and its result', loads: tools, said: [call], asked: [result([{ text: '12' }])] },
  { name: 'a result without a call', loads: tools, asked: [result([])] },
  {
    name: 'a file in a result',
    loads: ['fitMedia', 'fitCitations', ...tools],
    said: [call],
    asked: [result([image])],
  },
  { name: 'a search of the web', loads: tools, intent: { webSearch: true } },
  { name: 'a temperature that is a hint', loads: ['fitHints'], intent: { temperatureIsHint: true } },
  { name: 'room for thinking', loads: ['fitHints'], intent: { thinkingRoom: 4096 } },
  { name: 'any JSON', loads: tools, intent: { outputFormat: { type: 'json_object' } } },
  {
    name: 'JSON of a schema',
    loads: tools,
    intent: { outputFormat: { type: 'json_schema', name: 'city', schema } },
  },
  { name: 'an effort', loads: reasoning, intent: { reasoning: { effort: 'low' } } },
  { name: 'no reasoning', loads: reasoning, intent: { reasoning: { effort: 'none' } } },
  { name: 'a beta', loads: reasoning, intent: { anthropicBeta: ['context-1m-2025-08-07'] } },
  {
    name: 'fields of the model',
    loads: reasoning,
    converse: { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 100 } } },
  },
  {
    name: 'a stop sequence',
    loads: ['fitStopSequences'],
    converse: { inferenceConfig: { stopSequences: ['END', ''] } },
  },
  {
    name: 'a guardrail',
    loads: ['fitGuardrails'],
    converse: { guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '0' } },
  },
  {
    name: 'an enforced guardrail',
    loads: ['fitGuardrails'],
    intent: { enforcedGuardrail: { guardrailIdentifier: 'abc', guardrailVersion: '1' } },
  },
  { name: 'automatic cache points', loads: ['fitCaching'], intent: { cacheMode: 'auto' } },
  { name: 'a cache point', loads: ['fitCaching'], asked: [cachePoint] },
  {
    name: 'a cache point in the system prompt',
    loads: ['fitCaching'],
    converse: { system: [{ text: 'Be brief.' }, cachePoint] },
  },
  {
    name: 'a cache point behind the tools',
    loads: ['fitCaching', ...tools],
    converse: { toolConfig: { tools: [{ toolSpec }, cachePoint] } },
  },
];

/** Parameters that need no more than a plain chat does. */
const plain: Feature[] = [
  { name: 'nothing', loads: [] },
  { name: 'a system prompt', loads: [], converse: { system: [{ text: 'Be brief.' }] } },
  { name: 'sampling', loads: [], converse: { inferenceConfig: { temperature: 2, topP: 0.5, maxTokens: 9 } } },
  { name: 'metadata', loads: [], converse: { requestMetadata: { key: 'ü' }, serviceTier: { type: 'flex' } } },
  { name: 'no calls', loads: [], intent: { toolChoiceNone: true, parallelToolCalls: false } },
  { name: 'others', loads: [], intent: { topK: 3, seed: 1, frequencyPenalty: 1, logitBias: { 1: 2 } } },
  { name: 'echoed reasoning', loads: [], said: [{ reasoningContent: { reasoningText: { text: 'Hm' } } }] },
];

function requestWith(chosen: readonly Feature[]): CanonicalRequest {
  const said = chosen.flatMap((feature) => feature.said ?? []);
  const asked = chosen.flatMap((feature) => feature.asked ?? []);
  const messages: ConverseRequest['messages'] = [
    { role: 'user', content: [{ text: 'Hello' }] },
    { role: 'assistant', content: [{ text: 'Yes?' }, ...said] },
    { role: 'user', content: [...asked, { text: 'Go on' }] },
  ];
  const converse = Object.assign({ messages }, ...chosen.map((feature) => feature.converse));
  return { model: 'm', converse, intent: Object.assign({}, ...chosen.map((feature) => feature.intent)) };
}

/** Something for every way back to find. */
const answer: ConverseAnswer = {
  output: {
    message: {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm <|tool_calls_section_begin|>' } } },
        { text: '<think>Hm</think>Before END after' },
        { text: '{"type": "function", "name": "look_up", "parameters": {}}' },
        { toolUse: { toolUseId: '1', name: 'functions.look_up<|channel|>', input: {} } },
        { toolUse: { toolUseId: '2', name: 'json_response', input: { city: 'Rome' } } },
      ],
    },
  },
  stopReason: 'tool_use',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
} as ConverseAnswer;

function outcome(fitTo: Fit, request: CanonicalRequest, capabilities: Capabilities): object {
  try {
    const { restore, ...fitted } = fitTo(request, capabilities);
    return { ...fitted, answer: restore.answer(structuredClone(answer)) };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { error: openAiBody(error) };
  }
}

const namesOf = (loaded: object) =>
  Object.keys(loaded)
    .filter((name) => name.startsWith('fit'))
    .sort();

describe('steps that are loaded on demand', () => {
  test.each([...plain, ...features])('for $name: $loads', async (feature) => {
    const loaded = await stepsFor(requestWith([feature]), ableToAll);
    expect(namesOf(loaded)).toEqual([...feature.loads].sort());
  });

  test('for a model whose markup leaks: what cleans its answers', async () => {
    expect(namesOf(await stepsFor(requestWith([]), { leaks: 'think-tags' }))).toEqual(['fitLeaks']);
  });

  test('are all loaded for something', async () => {
    const loaded = new Set(['fitLeaks', ...features.flatMap(({ loads }) => loads)]);
    expect(namesOf(await allSteps())).toEqual([...loaded].sort());
  });

  test('would change nothing where they are not loaded, for every family', async () => {
    const chosen = fc.subarray([...plain, ...features], { maxLength: 5 });
    const family = fc.constantFrom(...families, unknownFamily);
    await fc.assert(
      fc.asyncProperty(chosen, family, async (chosen, { capabilities }) => {
        const request = requestWith(chosen);
        const lean = createFit(await stepsFor(request, capabilities));
        expect(outcome(lean, request, capabilities)).toEqual(outcome(fit, request, capabilities));
      }),
      { numRuns: 1000 },
    );
  });
});
