import { describe, expect, test } from 'vitest';
import { converse } from '../../../local/simulator/converse/converse.ts';
import { families, familyOf } from '../../../local/simulator/models/families.ts';
import { findModel } from '../../../local/simulator/models/find.ts';
import { foundationModels } from '../../../local/simulator/models/foundation-models.ts';
import { otherModels } from '../../../local/simulator/models/other-models.ts';
import { retiredModels } from '../../../local/simulator/models/retired-models.ts';
import { World } from '../../../local/simulator/world.ts';
import { ask, result, tools, user } from './blocks.ts';

describe('families', () => {
  test('names are unique, and nearly every one has a model in the account', () => {
    const names = families.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const used = new Set([...foundationModels, ...retiredModels].map(({ id }) => familyOf(id).name));
    expect(names.filter((name) => !used.has(name))).toEqual(['Other']);
  });

  test.each([
    ['anthropic.claude-sonnet-5-5', 'Claude Sonnet 5.5'],
    ['anthropic.claude-haiku-5-5', 'Claude 5'],
    ['anthropic.claude-mythos-5', 'Claude Fable 5 and Mythos 5'],
    ['openai.gpt-6.1-sol', 'GPT without effort none'],
    ['anthropic.claude-opus-5-5', 'Claude Opus 5.5'],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'Claude 3.5'],
    ['meta.llama3-2-1b-instruct-v1:0', 'Llama'],
    ['mistral.mistral-large-3-675b-instruct', 'Mistral 3'],
    ['mistral.mistral-large-2407-v1:0', 'Mistral Large and Small'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', 'Embeddings'],
    ['deepseek.v3-v1:0', 'DeepSeek V3.1'],
    ['imported:qwen2', 'Other'],
  ])('%s is %s', (id, name) => {
    expect(familyOf(id).name).toBe(name);
  });

  test('limits fit together, and who has no tools has no choice of them', () => {
    for (const family of families.filter(({ converse }) => converse)) {
      expect(family.maxOutputTokens).toBeLessThanOrEqual(family.contextTokens);
      if (family.tools === 'refused') expect(family.toolChoice).toEqual({ any: false, tool: false });
    }
  });
});

const options = { region: 'us-east-1', account: '123456789012', strict: true, now: Date.now };

describe('a model that has ended', () => {
  test.each([
    'cohere.command-r-v1:0',
    'us.meta.llama3-2-1b-instruct-v1:0',
    'us.anthropic.claude-sonnet-4-20250514-v1:0',
    'ai21.jamba-1-5-mini-v1:0',
  ])('%s says so, unless the account is asked for it', (id) => {
    expect(() => findModel(id, 'us-east-1', new World(options))).toThrow(/reached the end of its life/);
    const { family } = findModel(id, 'us-east-1', new World({ ...options, retired: true }))!;
    expect(family).toBe(familyOf(id.replace(/^us\./, '')));
  });

  test('and one of another endpoint is not known', () => {
    for (const id of ['openai.gpt-5.4-2026-03-05', 'google.gemma-4-31b', 'xai.grok-4.3']) {
      expect(() => findModel(id, 'us-east-1', new World(options))).toThrow(/identifier is invalid/);
    }
  });
});

test('what no chat can be held with is none of the families that converse', () => {
  const others = otherModels.filter(({ id }) => familyOf(id).converse);
  expect(others).toEqual([]);
});

describe('every model that speaks', () => {
  const world = new World(options);
  const callable = foundationModels
    .filter(({ id, lifecycle }) => familyOf(id).converse && lifecycle !== 'ended')
    .map(({ id, onDemand }) => (onDemand ? id : `us.${id}`));

  function converseWith(modelId: string, body: object) {
    const model = findModel(modelId, 'us-east-1', world);
    const call = {
      operation: 'converse' as const,
      modelId,
      model,
      body,
      headers: {},
      region: 'us-east-1',
      world,
    };
    const [step] = converse(call).steps;
    return JSON.parse(Buffer.from((step as { bytes: Uint8Array }).bytes).toString());
  }

  test.each(callable)('%s takes its own answer back', (modelId) => {
    const first = converseWith(modelId, { messages: ask('Why?') });
    const family = familyOf(modelId.replace(/^us\./, ''));
    const again = { messages: [...ask('Why?'), first.output.message, ...ask('And then?')] };
    expect(converseWith(modelId, again).stopReason).toBe('end_turn');
    // Mistral Large calls with ids as all of Converse does, and takes only ids of nine characters back.
    if (family.tools === 'refused' || family.toolUseId) return;
    const asked = { messages: ask('What is the weather?'), toolConfig: tools() };
    const { output, stopReason } = converseWith(modelId, asked);
    expect(stopReason).toBe('tool_use');
    const calls: { toolUse?: { toolUseId: string } }[] = output.message.content;
    const results = calls.flatMap(({ toolUse }) => (toolUse ? [result(toolUse.toolUseId)] : []));
    const told = { ...asked, messages: [...asked.messages, output.message, user(...results)] };
    expect(converseWith(modelId, told).stopReason).toBe('end_turn');
  });
});
