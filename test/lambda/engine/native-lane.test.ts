import { describe, expect, test } from 'vitest';
import type { NativeApi, NativeRequest } from '../../../lambda/canonical/native.ts';
import type { InferenceConfig, JsonObject } from '../../../lambda/canonical/types.ts';
import { nativeLane, prepareNative } from '../../../lambda/engine/native-lane.ts';
import type { Rules } from '../../../lambda/engine/prepare.ts';
import type { ModelRequest } from '../../../lambda/engine/types.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import type { Target } from '../../../lambda/models/target.ts';

const claude = 'global.anthropic.claude-sonnet-5-5';
const nova = 'amazon.nova-pro-v1:0';
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
  capabilities: capabilitiesOf(id),
  reportAs: id,
  warnings: [],
  ...changes,
});
const body = { max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };
const requestOf = (changes: Partial<NativeRequest> = {}): NativeRequest => ({
  api: 'messages',
  body,
  betas: [],
  settings: {},
  ...changes,
});
const guardrail = (guardrailIdentifier: string) => ({ guardrailIdentifier, guardrailVersion: '1' });

describe('what others say about a client’s own body', () => {
  const all: InferenceConfig = { maxTokens: 5, temperature: 0.5, topP: 0.25, stopSequences: ['x'] };
  test.each<[api: NativeApi, defaults: InferenceConfig, members: JsonObject]>([
    ['messages', all, { max_tokens: 5, temperature: 0.5, top_p: 0.25, stop_sequences: ['x'] }],
    ['messages', { temperature: 0 }, { temperature: 0 }],
    ['messages', {}, {}],
    ['responses', all, { max_output_tokens: 5, temperature: 0.5, top_p: 0.25 }],
    ['responses', { topP: 0 }, { top_p: 0 }],
    ['chat', all, { max_completion_tokens: 5, temperature: 0.5, top_p: 0.25, stop: ['x'] }],
    ['chat', {}, {}],
    ['responses', {}, {}],
  ])('%s: the defaults %j of an alias are %j', (api, inferenceConfig, members) => {
    const target = targetOf(claude, { defaults: { inferenceConfig } });
    expect(prepareNative(requestOf({ api, body: {} }), target, rules).body).toEqual(members);
  });

  test('the client’s own come before the defaults', () => {
    const defaults = {
      inferenceConfig: { maxTokens: 5, topP: 0.5 },
      serviceTier: { type: 'flex' },
      guardrailConfig: guardrail('alias'),
    };
    const request = requestOf({ settings: { serviceTier: { type: 'priority' } } });
    expect(prepareNative(request, targetOf(claude, { defaults }), rules)).toMatchObject({
      body: { ...body, top_p: 0.5 },
      settings: { serviceTier: { type: 'priority' }, guardrailConfig: guardrail('alias') },
    });
  });

  test('without any of it the request is the client’s', () => {
    const { cacheMode, ...prepared } = prepareNative(requestOf(), targetOf(claude), rules);
    expect([prepared, cacheMode]).toEqual([requestOf(), undefined]);
  });

  test.each<[whose: string, given: Partial<Rules>]>([
    ['key', { principal: { name: 'k', guardrail: guardrail('key') }, guardrail: guardrail('setting') }],
    ['setting', { guardrail: guardrail('setting') }],
    ['client', {}],
  ])('the guardrail of the %s', (whose, given) => {
    const request = requestOf({ settings: { guardrailConfig: guardrail('client') } });
    const { settings } = prepareNative(request, targetOf(claude), { ...rules, ...given });
    expect(settings.guardrailConfig).toEqual(guardrail(whose));
  });

  test('a key’s metadata, a name’s flags and the setting’s cache marks', () => {
    const request = requestOf({ betas: ['a', 'b'], settings: { requestMetadata: { own: '1', team: 'x' } } });
    const principal = { name: 'k', metadata: { team: 'red' } };
    const target = targetOf(claude, { betas: ['b', 'c'] });
    const prepared = prepareNative(request, target, { ...rules, principal, promptCaching: 'auto' });
    expect(prepared).toMatchObject({
      betas: ['a', 'b', 'c'],
      settings: { requestMetadata: { own: '1', team: 'red' } },
      cacheMode: 'auto',
    });
  });
});

/** docs/messages.md: `converse`, or `native`, which is a 400 where it cannot be. */
describe('the header x-gateway-path', () => {
  interface Asked {
    lane?: ModelRequest['lane'];
    native?: NativeRequest;
    model?: string;
    /** Bedrock has said since that the model does not speak the API. */
    unlearned?: boolean;
  }
  function fitted({ lane, native, model = claude, unlearned = false }: Asked) {
    const target = targetOf(model);
    const canonical = () => {
      throw new Error('the canonical shape was asked for');
    };
    const capabilities = { ...target.capabilities, ...(unlearned && { messages: undefined }) };
    return nativeLane({ canonical, native, lane }, target, rules).fit(capabilities);
  }
  const native = requestOf();

  test.each<[what: string, asked: Asked]>([
    ['a body in its API', { native }],
    ['the client wants it', { native, lane: 'native' }],
  ])('a model that speaks the API is asked in it: %s', async (_, asked) => {
    expect((await fitted(asked))?.native.body).toMatchObject(body);
  });

  test.each<[what: string, asked: Asked]>([
    ['the client wants Converse', { native, lane: 'converse' }],
    ['there is no body in an API', {}],
    ['the model does not speak it', { native, model: nova }],
    ['the model does not speak it, and Converse is wanted', { native, model: nova, lane: 'converse' }],
    ['it was learned that the model does not speak it', { native, unlearned: true }],
  ])('by Converse: %s', async (_, asked) => expect(await fitted(asked)).toBeUndefined());

  test.each<[what: string, asked: Asked]>([
    ['the model does not speak it', { native, model: nova }],
    ['it was learned that the model does not speak it', { native, unlearned: true }],
    ['there is no body in an API', {}],
  ])('a client that demands the API is refused: %s', async (_, asked) => {
    const model = asked.model ?? claude;
    await expect(fitted({ ...asked, lane: 'native' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`\`${model}\` does not speak this API`),
    });
  });
});
