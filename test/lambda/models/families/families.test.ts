import { describe, expect, test } from 'vitest';
import { efforts, type Intent } from '../../../../lambda/canonical/request.ts';
import type { ConverseRequest } from '../../../../lambda/canonical/types.ts';
import type { Capabilities } from '../../../../lambda/models/capabilities.ts';
import { capabilitiesOf, familyOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { families, unknownFamily } from '../../../../lambda/models/families/families.ts';
import { familyOf as simulatedFamilyOf } from '../../../../local/simulator/models/families.ts';
import { fit as fitTo } from '../../../support/fit.ts';

/** Real ids, one at least for every family. */
const examples: Record<string, string[]> = {
  'claude-2': ['anthropic.claude-v2', 'anthropic.claude-v2:1', 'anthropic.claude-instant-v1'],
  'claude-3': ['anthropic.claude-3-haiku-20240307-v1:0:48k', 'us.anthropic.claude-3-opus-20240229-v1:0'],
  'claude-3-5-v1': ['anthropic.claude-3-5-sonnet-20240620-v1:0:51k'],
  'claude-3-5-haiku': ['us.anthropic.claude-3-5-haiku-20241022-v1:0'],
  'claude-3-5': ['anthropic.claude-3-5-sonnet-20241022-v2:0'],
  'claude-3-7': ['us.anthropic.claude-3-7-sonnet-20250219-v1:0'],
  'claude-4': ['apac.anthropic.claude-sonnet-4-20250514-v1:0'],
  'claude-opus-4': ['us.anthropic.claude-opus-4-20250514-v1:0'],
  'claude-opus-4-1': ['us.anthropic.claude-opus-4-1-20250805-v1:0'],
  'claude-sonnet-4-5': ['global.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  'claude-haiku-4-5': ['au.anthropic.claude-haiku-4-5-20251001-v1:0', 'anthropic.claude-haiku-4-5'],
  'claude-opus-4-5': ['anthropic.claude-opus-4-5-20251101-v1:0'],
  'claude-sonnet-4-6': ['us.anthropic.claude-sonnet-4-6'],
  'claude-opus-4-6': ['anthropic.claude-opus-4-6-v1'],
  'claude-opus-4-7': ['anthropic.claude-opus-4-7', 'eu.anthropic.claude-opus-4-7-v1'],
  'claude-opus-4-8': ['global.anthropic.claude-opus-4-8'],
  'claude-sonnet-5': ['us.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5-20260630-v1:0'],
  'claude-5': ['jp.anthropic.claude-opus-5', 'anthropic.claude-opus-5-20260701-v1:0'],
  'claude-opus-5-5': ['us.anthropic.claude-opus-5-5', 'global.anthropic.claude-opus-5-5-20260922-v1:0'],
  'claude-sonnet-5-5': ['us.anthropic.claude-sonnet-5-5'],
  'claude-haiku-5-5': ['us.anthropic.claude-haiku-5-5'],
  'claude-fable-5': [
    'anthropic.claude-fable-5',
    'us.anthropic.claude-fable-5-20260601-v1:0',
    'anthropic.claude-mythos-preview',
    'anthropic.claude-mythos-5',
  ],
  'claude-fable': [
    'us.anthropic.claude-fable-5-1',
    'us.anthropic.claude-fable-5-2',
    'anthropic.claude-mythos-5-1',
    'anthropic.claude-fable-6',
  ],
  'claude-newer': ['us.anthropic.claude-opus-6', 'anthropic.claude-saga-1', 'anthropic.claude-sonnet-5-6'],
  'nova-micro': ['amazon.nova-micro-v1:0:24k'],
  nova: ['us.amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0:300k'],
  'nova-premier': ['us.amazon.nova-premier-v1:0'],
  'nova-2': ['global.amazon.nova-2-lite-v1:0:256k'],
  'titan-text': ['amazon.titan-text-express-v1:0:8k', 'amazon.titan-tg1-large'],
  'llama-3': ['meta.llama2-13b-chat-v1', 'meta.llama3-8b-instruct-v1:0', 'meta.llama3-70b-instruct-v1:0'],
  'llama-3-2': ['us.meta.llama3-2-1b-instruct-v1:0'],
  'llama-3-2-vision': ['us.meta.llama3-2-90b-instruct-v1:0'],
  'llama-3-1': ['meta.llama3-1-70b-instruct-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'],
  'llama-4': ['us.meta.llama4-maverick-17b-instruct-v1:0'],
  'mistral-instruct': ['mistral.mistral-7b-instruct-v0:2', 'mistral.mixtral-8x7b-instruct-v0:1'],
  pixtral: ['us.mistral.pixtral-large-2502-v1:0'],
  'mistral-large': ['mistral.mistral-large-2407-v1:0'],
  'mistral-large-2402': ['mistral.mistral-large-2402-v1:0', 'mistral.mistral-small-2402-v1:0'],
  voxtral: ['mistral.voxtral-mini-3b-2507', 'mistral.voxtral-small-24b-2507'],
  devstral: ['mistral.devstral-2-123b'],
  magistral: ['mistral.magistral-small-2509'],
  'ministral-3': ['mistral.ministral-3-8b-instruct', 'mistral.ministral-3-14b-instruct'],
  'mistral-large-3': ['mistral.mistral-large-3-675b-instruct'],
  'gpt-oss': ['openai.gpt-oss-120b-1:0', 'openai.gpt-oss-safeguard-20b', 'openai.gpt-oss-20b'],
  'gpt-5-4': ['us.openai.gpt-5.4', 'openai.gpt-5.5-2026-04-23'],
  'gpt-always': ['us.openai.gpt-6-astra', 'global.openai.gpt-6.1-sol'],
  gpt: ['us.openai.gpt-5.6-sol', 'openai.gpt-6-luna', 'in.openai.gpt-5.6-terra', 'openai.gpt-6.2-astra'],
  grok: ['us.xai.grok-4.6', 'global.xai.grok-4.7'],
  'deepseek-r1': ['us.deepseek.r1-v1:0'],
  'deepseek-v3-1': ['deepseek.v3-v1:0', 'deepseek.v3.1'],
  'deepseek-v3': ['deepseek.v3.2'],
  'qwen3-vl': ['qwen.qwen3-vl-235b-a22b', 'qwen.qwen3-vl-235b-a22b-instruct'],
  'qwen3-coder': ['qwen.qwen3-coder-30b-a3b-v1:0', 'qwen.qwen3-coder-next'],
  'qwen3-235b': ['qwen.qwen3-235b-a22b-2507-v1:0'],
  'qwen3-next': ['qwen.qwen3-next-80b-a3b'],
  qwen3: ['qwen.qwen3-32b-v1:0'],
  'kimi-k2-thinking': ['moonshot.kimi-k2-thinking', 'moonshotai.kimi-k2-thinking'],
  kimi: ['moonshotai.kimi-k2.5'],
  'kimi-k3': ['global.moonshotai.kimi-k3'],
  'kimi-k3-1': ['us.moonshotai.kimi-k3.1', 'moonshotai.kimi-k4'],
  minimax: ['minimax.minimax-m2.5', 'minimax.minimax-m2'],
  glm: ['zai.glm-4.7-flash', 'zai.glm-5'],
  'glm-5-3': ['global.zai.glm-5.3'],
  'nemotron-nano-vl': ['nvidia.nemotron-nano-12b-v2'],
  'nemotron-nano': ['nvidia.nemotron-nano-9b-v2', 'nvidia.nemotron-nano-3-30b'],
  nemotron: ['nvidia.nemotron-super-3-120b'],
  'gemma-3-4b': ['google.gemma-3-4b-it'],
  'gemma-3': ['google.gemma-3-27b-it', 'google.gemma-4-31b'],
  'command-r': ['cohere.command-r-plus-v1:0'],
  command: ['cohere.command-text-v14:7:4k'],
  jamba: ['ai21.jamba-1-5-large-v1:0'],
  'palmyra-vision': ['writer.palmyra-vision-7b'],
  palmyra: ['us.writer.palmyra-x5-v1:0'],
  unknown: [
    'stepfun.step-4',
    'gpt-4o',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr',
    'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl',
    'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1',
    '',
  ],
};

describe('the family of a model id', () => {
  const pairs = Object.entries(examples).flatMap(([name, ids]) => ids.map((id) => [id, name] as const));
  test.each(pairs)('%s → %s', (id, name) => expect(familyOf(id).capabilities.family).toBe(name));

  test('every family has an example, so none is hidden by one before it', () => {
    const names = [...families, unknownFamily].map(({ capabilities }) => capabilities.family);
    expect(Object.keys(examples).toSorted()).toEqual(names.toSorted());
  });

  test('an ARN, a geography and capitals do not matter', () => {
    const arn = 'ARN:aws:bedrock:eu-west-1:123456789012:inference-profile/EU.Anthropic.claude-sonnet-4-6';
    expect(familyOf(arn)).toBe(familyOf('anthropic.claude-sonnet-4-6'));
  });
});

describe('every row', () => {
  test.each(families.map((row) => [row.title, row] as const))('%s', (_, { source, capabilities: c }) => {
    expect(source).not.toBe('');
    if (!c.tools) expect(c.toolChoice).toEqual({ any: false, tool: false });
    if (c.structuredOutput === 'tool') expect(c.tools).toBe(true);
    if (c.refusesSampling) expect([c.topK, c.temperatureXorTopP]).toEqual([undefined, false]);
    if (c.maxOutputTokens && c.contextTokens) expect(c.maxOutputTokens).toBeLessThanOrEqual(c.contextTokens);
    if (c.reasoningReplay === true) expect(['budget', 'adaptive']).toContain(c.reasoning.kind);
    if (typeof c.defaultMaxTokens === 'number')
      expect(c.defaultMaxTokens).toBeLessThanOrEqual(c.maxOutputTokens ?? Infinity);
    if (c.thinkingRefusesForcedTool) expect(c.reasoning.kind).not.toBe('none');
  });
});

/** Facts whose loss has broken other gateways. */
describe('facts', () => {
  test.each<[string, Partial<Capabilities>]>([
    ['anthropic.claude-opus-4-7', { refusesSampling: true, structuredOutput: 'tool', assistantLast: false }],
    ['us.anthropic.claude-opus-5-5', { midConversationSystem: true, serviceTiers: ['default'] }],
    [
      'anthropic.claude-sonnet-4-20250514-v1:0',
      { caching: { tools: true, ttl1h: false, afterToolResult: true } },
    ],
    ['amazon.nova-lite-v1:0', { hyphenInToolNames: false, topK: 'inferenceConfig.topK' }],
    ['meta.llama4-scout-17b-instruct-v1:0', { toolsInStream: false, toolResultsAlone: true }],
    ['mistral.mistral-7b-instruct-v0:2', { system: false, tools: false }],
    [
      'mistral.mistral-large-2407-v1:0',
      { toolUseId: 'nine-alphanumerics', toolChoice: { any: true, tool: false } },
    ],
    ['writer.palmyra-x4-v1:0', { toolResultStatus: false, toolsInStream: false }],
    ['qwen.qwen3-32b-v1:0', { structuredOutput: 'native', assistantFirst: true }],
    ['us.anthropic.claude-fable-5', { toolChoice: { any: true, tool: true } }],
    ['us.anthropic.claude-fable-5-1', { toolChoice: { any: false, tool: false } }],
    ['us.anthropic.claude-opus-5-5', { toolChoice: { any: false, tool: false }, strictTools: false }],
    ['us.anthropic.claude-sonnet-5-5', { toolChoice: { any: false, tool: false }, strictTools: false }],
    ['us.anthropic.claude-haiku-5-5', { toolChoice: { any: true, tool: true } }],
    ['deepseek.v3.2', { toolChoice: { any: true, tool: false }, thinkingRefusesForcedTool: true }],
    ['us.openai.gpt-6-sol', { stopSequences: false, reasoningReplay: 'redacted' }],
    ['us.xai.grok-4.7', { stopSequences: false }],
    ['openai.gpt-oss-120b-1:0', { stopSequences: false }],
    ['meta.llama3-1-8b-instruct-v1:0', { toolCallsAlone: true }],
    ['us.mistral.pixtral-large-2502-v1:0', { maxOutputTokens: 16_384 }],
  ])('%s', (id, facts) => expect(capabilitiesOf(id)).toMatchObject(facts));
});

/** The prefix that is cached at all, in tokens. */
test.each([
  ['us.anthropic.claude-opus-5', 512],
  ['us.anthropic.claude-opus-5-5', 512],
  ['us.anthropic.claude-sonnet-5-5', 512],
  ['us.anthropic.claude-haiku-5-5', 512],
  ['us.anthropic.claude-fable-5', 512],
  ['anthropic.claude-mythos-5-1', 512],
  ['us.anthropic.claude-opus-4-1-20250805-v1:0', 1024],
  ['us.anthropic.claude-opus-4-8', 1024],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 1024],
  ['us.anthropic.claude-sonnet-4-6', 1024],
  ['us.anthropic.claude-sonnet-5', 1024],
  ['us.anthropic.claude-opus-4-7', 2048],
  ['us.anthropic.claude-3-5-haiku-20241022-v1:0', 2048],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 4096],
  ['us.anthropic.claude-opus-4-5-20251101-v1:0', 4096],
  ['us.anthropic.claude-opus-4-6-v1', 4096],
])('%s caches from %i tokens, as the simulator does', (id, tokens) => {
  expect(capabilitiesOf(id).caching?.minTokens).toBe(tokens);
  expect(simulatedFamilyOf(id.replace(/^us\./, '')).caching?.minTokens).toBe(tokens);
});

/** What reads the effort where, and which there are. */
test.each([
  ['us.openai.gpt-5.4', 'none low medium high xhigh'],
  ['us.openai.gpt-5.6-luna', 'none low medium high xhigh max'],
  ['us.openai.gpt-6-astra', 'low medium high xhigh max'],
  ['us.openai.gpt-6.1-sol', 'low medium high xhigh max'],
  ['us.openai.gpt-6.2-sol', 'none low medium high xhigh max'],
])('%s reads reasoning.effort: %s', (id, values) => {
  expect(capabilitiesOf(id).reasoning).toMatchObject({
    field: 'reasoning.effort',
    values: values.split(' '),
  });
});

test('open-weight models refuse cache points with a 403', () => {
  for (const id of [
    'qwen.qwen3-32b-v1:0',
    'openai.gpt-oss-20b-1:0',
    'zai.glm-5',
    'mistral.devstral-2-123b',
  ]) {
    expect(capabilitiesOf(id).caching).toBeUndefined();
  }
});

test('overrides come last and leave the table as it is', () => {
  expect(capabilitiesOf('qwen.qwen3-32b-v1:0', { image: true, caching: undefined }).image).toBe(true);
  expect(capabilitiesOf('qwen.qwen3-32b-v1:0').image).toBe(false);
});

/** What a model refuses is never sent, whoever asks: over every family, so that a new row is held to it too. */
describe('every family', () => {
  const messages = [{ role: 'user' as const, content: [{ text: 'Hi' }] }];
  const tools = ['f', 'g'].map((name) => ({
    toolSpec: { name, inputSchema: { json: { type: 'object', properties: {} } } },
  }));
  const sentTo = (capabilities: Capabilities, converse: Partial<ConverseRequest>, intent: Intent = {}) =>
    fitTo({ model: 'm', converse: { messages, ...converse }, intent }, capabilities);
  const all = families.map((row) => [`${row.title}`, row.capabilities] as const);

  test.each(all.filter(([, { tools }]) => tools))('%s: a choice it has, or an instruction', (_, can) => {
    for (const toolChoice of [{ any: {} }, { tool: { name: 'f' } }]) {
      const { request, warnings } = sentTo(can, { toolConfig: { tools, toolChoice } });
      const { toolChoice: sent, tools: offered } = request.toolConfig!;
      if ('tool' in toolChoice && !can.toolChoice.tool) expect(offered).toHaveLength(1);
      if (sent) expect('any' in sent ? can.toolChoice.any : can.toolChoice.tool).toBe(true);
      else {
        expect(JSON.stringify([request.system, request.messages])).toMatch(/Answer by calling/);
        expect(warnings.join()).toContain('toolChoice');
      }
    }
  });

  test.each(all)('%s: stop is taken by the model or applied by the gateway', (_, can) => {
    const { request, ignored, restore } = sentTo(can, { inferenceConfig: { stopSequences: ['END'] } });
    expect(ignored.map(String)).not.toContain('stopSequences');
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    const answer = restore.answer({
      output: { message: { role: 'assistant', content: [{ text: 'So END of it' }] } },
      stopReason: 'end_turn',
      usage,
    });
    const applied = answer.stopReason === 'stop_sequence';
    expect(applied).toBe(request.inferenceConfig?.stopSequences === undefined);
  });

  test.each(all)('%s: an effort that it has, where it reads it', (_, can) => {
    for (const effort of efforts) {
      const { request, warnings } = sentTo(can, {}, { reasoning: { effort } });
      const fields = request.additionalModelRequestFields ?? {};
      const sent = [fields.reasoning_effort, (fields.reasoning as { effort?: string } | undefined)?.effort];
      if (can.reasoning.kind !== 'effort') expect(sent).toEqual([undefined, undefined]);
      else {
        const nested = can.reasoning.field === 'reasoning.effort';
        expect(sent[nested ? 0 : 1]).toBeUndefined();
        const word = sent[nested ? 1 : 0];
        if (word !== undefined) expect(can.reasoning.values).toContain(word);
        if (word !== effort && word !== undefined && effort !== 'minimal') expect(warnings).toHaveLength(1);
      }
    }
  });

  test.each(all.filter(([name]) => name.startsWith('Claude')))('%s: no silence at 4,096 tokens', (_, can) => {
    const { maxTokens } = sentTo(can, {}).request.inferenceConfig ?? {};
    expect(maxTokens).toBeGreaterThanOrEqual(4096);
    expect(maxTokens).toBeLessThanOrEqual(can.maxOutputTokens ?? Infinity);
  });
});
