import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeApi, NativeRequest, NativeSettings } from '../../../lambda/canonical/native.ts';
import type { CanonicalRequest } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest, GuardrailConfig } from '../../../lambda/canonical/types.ts';
import { fittingFor } from '../../../lambda/engine/lane.ts';
import type { Rules } from '../../../lambda/engine/prepare.ts';
import type { ModelRequest } from '../../../lambda/engine/types.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import type { Target } from '../../../lambda/models/target.ts';

/** In which shape a request is sent: by the client's API, the model, its id, and what the request or its key needs. */

const rules: Rules = {
  principal: { name: 'k' },
  guardrail: undefined,
  promptCaching: 'off',
  nativeOpenAi: true,
};

const targetOf = (id: string, changes: Partial<Target> = {}): Target => ({
  asked: id,
  id,
  region: 'us-east-1',
  backend: 'converse',
  capabilities: capabilitiesOf(changes.underlying ?? id),
  reportAs: id,
  warnings: [],
  ...changes,
});

interface Asked {
  /** None: Chat Completions. */
  api?: NativeApi;
  converse?: Partial<ConverseRequest>;
  intent?: CanonicalRequest['intent'];
  settings?: NativeSettings;
  lane?: ModelRequest['lane'];
}

function requestOf({ api, converse, intent = {}, settings = {}, lane }: Asked): ModelRequest {
  const messages: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: 'Hi' }] }];
  const bodies = {
    messages: { max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] },
    responses: { input: 'Hi' },
    chat: { messages: [{ role: 'user', content: 'Hi' }], logit_bias: { 1: 1 }, verbosity: 'low' },
  };
  const native: NativeRequest | undefined = api && { api, body: bodies[api], betas: [], settings };
  return {
    canonical: () => ({ model: 'm', converse: { messages, ...settings, ...converse }, intent }),
    native,
    lane,
  };
}

async function laneOf(asked: Asked, target: Target, given: Partial<Rules> = {}): Promise<string> {
  const fitting = fittingFor(requestOf(asked), target, { ...rules, ...given });
  const fitted = await fitting.fit(target.capabilities);
  return fitted.native ? `native ${fitted.native.api}` : (fitted.backend ?? target.backend);
}

const gpt = 'global.openai.gpt-5.6-sol';
const kimi = 'us.moonshotai.kimi-k3';
const claude = 'global.anthropic.claude-sonnet-5-5';
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
const tools: Partial<ConverseRequest> = {
  toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }] },
};

describe('the lane', () => {
  test.each<[string, Asked, Target, string]>([
    ['Responses, GPT', { api: 'responses' }, targetOf(gpt), 'native responses'],
    ['Responses, GPT-5.4', { api: 'responses' }, targetOf('us.openai.gpt-5.4'), 'native responses'],
    ['Responses, Kimi K3', { api: 'responses' }, targetOf(kimi), 'native responses'],
    ['Responses, Kimi K2', { api: 'responses' }, targetOf('moonshot.kimi-k2-thinking'), 'converse'],
    ['Responses, gpt-oss', { api: 'responses' }, targetOf('openai.gpt-oss-120b-1:0'), 'converse'],
    ['Responses, Grok', { api: 'responses' }, targetOf('us.xai.grok-4.6'), 'converse'],
    ['Responses, Claude', { api: 'responses' }, targetOf(claude), 'converse'],
    ['Responses, GPT by its own id', { api: 'responses' }, targetOf('openai.gpt-5.6-sol'), 'converse'],
    ['N21 Responses, GPT by an application profile', { api: 'responses' }, targetOf(profile, { underlying: 'openai.gpt-5.6-sol' }), 'converse'], // biome-ignore format: one line
    ['Responses, GPT by Converse', { api: 'responses', lane: 'converse' }, targetOf(gpt), 'converse'],
    ['Responses, GPT, latency', { api: 'responses', settings: { performanceConfig: { latency: 'optimized' } } }, targetOf(gpt), 'converse'], // biome-ignore format: one line
    ['Messages, Claude', { api: 'messages' }, targetOf(claude), 'native messages'],
    ['Messages, GPT', { api: 'messages' }, targetOf(gpt), 'converse'],
    ['Messages, GPT, tools', { api: 'messages', converse: tools }, targetOf(gpt), 'responses'],
    ['Chat, GPT', {}, targetOf(gpt), 'converse'],
    ['Chat that asks for more, GPT', { api: 'chat' }, targetOf(gpt), 'native chat'],
    [
      'Chat that asks for more, GPT by its own id',
      { api: 'chat' },
      targetOf('openai.gpt-5.6-sol'),
      'native chat',
    ],
    ['Chat that asks for more, GPT-5.5', { api: 'chat' }, targetOf('us.openai.gpt-5.5'), 'converse'],
    ['Chat that asks for more, Qwen', { api: 'chat' }, targetOf('qwen.qwen3-32b-v1:0'), 'native chat'],
    ['Chat that asks for more, Claude', { api: 'chat' }, targetOf(claude), 'converse'],
    ['Chat that asks for more, GPT, tools', { api: 'chat', converse: tools }, targetOf(gpt), 'responses'],
    ['Chat that asks for more, by Converse', { api: 'chat', lane: 'converse' }, targetOf(gpt), 'converse'],
    ['N21 Chat that asks for more, GPT by an application profile', { api: 'chat' }, targetOf(profile, { underlying: 'openai.gpt-5.6-sol' }), 'converse'], // biome-ignore format: one line
    ['Chat, GPT, tools', { converse: tools }, targetOf(gpt), 'responses'],
    ['Chat, GPT, tools by Converse', { converse: tools, lane: 'converse' }, targetOf(gpt), 'converse'],
    ['Chat, GPT, tools, no reasoning', { converse: tools, intent: { reasoning: { effort: 'none' } } }, targetOf(gpt), 'converse'], // biome-ignore format: one line
    ['Chat, GPT by its own id, tools', { converse: tools }, targetOf('openai.gpt-5.6-sol'), 'converse'],
    ['Chat, Kimi K3, tools', { converse: tools }, targetOf(kimi), 'converse'],
    ['Chat, Claude, tools', { converse: tools }, targetOf(claude), 'converse'],
  ])('%s', async (_, asked, target, lane) => {
    expect(await laneOf(asked, target)).toBe(lane);
  });

  test('OpenAI’s APIs are switched off by a setting, Anthropic’s is not', async () => {
    const off = { nativeOpenAi: false };
    expect(await laneOf({ api: 'responses' }, targetOf(gpt), off)).toBe('converse');
    expect(await laneOf({ converse: tools }, targetOf(gpt), off)).toBe('converse');
    expect(await laneOf({ api: 'chat' }, targetOf(gpt), off)).toBe('converse');
    expect(await laneOf({ api: 'messages' }, targetOf(claude), off)).toBe('native messages');
  });

  test('a key’s own metadata are recorded, so its calls go by Converse', async () => {
    const principal = { name: 'k', metadata: { team: 'a' } };
    expect(await laneOf({ api: 'responses' }, targetOf(gpt), { principal })).toBe('converse');
    expect(await laneOf({ converse: tools }, targetOf(gpt), { principal })).toBe('converse');
  });

  test('what was learned counts, also for a client that wants the lane', async () => {
    const target = targetOf(gpt);
    const learned = { ...target.capabilities, responses: undefined };
    const closedChat = { ...target.capabilities, chat: undefined };
    const chat = await fittingFor(requestOf({ api: 'chat' }), target, rules).fit(closedChat);
    expect(chat.native).toBeUndefined();
    for (const asked of [{ api: 'responses' as const }, { converse: tools }]) {
      const fitted = await fittingFor(requestOf(asked), target, rules).fit(learned);
      expect([fitted.native, 'backend' in fitted && fitted.backend]).toEqual([undefined, false]);
    }
    const wanted = fittingFor(requestOf({ api: 'responses', lane: 'native' }), target, rules);
    await expect(wanted.fit(learned)).rejects.toThrow('does not speak this API');
  });
});

describe('no call without its guardrail', () => {
  const guardrail: GuardrailConfig = { guardrailIdentifier: 'gr123456', guardrailVersion: '1' };
  const asked = fc.record({
    api: fc.constantFrom<NativeApi | undefined>('responses', 'messages', 'chat', undefined),
    tools: fc.boolean(),
    lane: fc.constantFrom<ModelRequest['lane']>(undefined, 'native', 'converse'),
    id: fc.constantFrom(
      gpt,
      kimi,
      'us.openai.gpt-6.1-sol',
      'openai.gpt-5.6-sol',
      'us.xai.grok-4.7',
      'qwen.qwen3-32b-v1:0',
      claude,
    ),
    from: fc.subarray(['setting', 'key', 'client', 'alias'] as const, { minLength: 1 }),
  });

  test('whoever asks for it or enforces it', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ api, tools: withTools, lane, id, from }) => {
        const has = (who: (typeof from)[number]) => from.includes(who);
        const settings = has('client') ? { guardrailConfig: guardrail } : {};
        const target = targetOf(id, has('alias') ? { defaults: { guardrailConfig: guardrail } } : {});
        const request = requestOf({
          ...(api && { api }),
          ...(withTools && { converse: tools }),
          lane,
          settings,
        });
        const enforced: Rules = {
          ...rules,
          guardrail: has('setting') ? guardrail : undefined,
          principal: { name: 'k', ...(has('key') && { guardrail }) },
        };
        try {
          const fitted = await fittingFor(request, target, enforced).fit(target.capabilities);
          if (fitted.native) {
            expect(fitted.native.api).toBe('messages');
            expect(fitted.native.settings.guardrailConfig).toMatchObject(guardrail);
          } else {
            expect(fitted.backend).toBeUndefined();
            expect(fitted.request.guardrailConfig).toMatchObject(guardrail);
          }
        } catch (error) {
          // Only a client that demands a lane is refused.
          expect([(error as { status?: number }).status, lane]).toEqual([400, 'native']);
        }
      }),
    );
  });
});
