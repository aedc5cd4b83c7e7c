import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeRequest } from '../../../../lambda/canonical/native.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { fitChat, needsConverse } from '../../../../lambda/fit/chat/index.ts';
import { converseBecause } from '../../../../lambda/fit/chat/needs-converse.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { type Simulator, startSimulator } from '../../../../local/simulator/index.ts';
import { call } from '../../../local/simulator/openai.ts';

/**
 * Whatever parameters a client sends: what is fitted to a model the simulator takes, which states the runtime's rules by
 * itself; what cannot be is left to Converse.
 */

const models = [
  'us.openai.gpt-5.6-sol',
  'us.openai.gpt-6-astra',
  'us.openai.gpt-6.1-sol',
  'openai.gpt-oss-120b-1:0',
  'global.xai.grok-4.7',
  'us.moonshotai.kimi-k3',
  'us.moonshotai.kimi-k3.1',
  'qwen.qwen3-32b-v1:0',
  'qwen.qwen3-coder-480b-a35b-v1:0',
  'deepseek.v3.2',
  'zai.glm-5',
  'minimax.minimax-m2.5',
  'mistral.mistral-large-3-675b-instruct',
  'google.gemma-3-27b-it',
  'nvidia.nemotron-nano-9b-v2',
];

const parameters = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }; // biome-ignore format: one line
const tool = { type: 'function', function: { name: 'look', parameters, strict: true } };
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==' } }; // biome-ignore format: one line
const called = { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"a":"b"}' } }] }; // biome-ignore format: one line
const result = { role: 'tool', tool_call_id: 'c', content: 'd' };
const user = { role: 'user', content: 'Say it in JSON' };
const marked = { role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } }] }; // biome-ignore format: one line

const optional = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
const body = fc.record({
  messages: fc.constantFrom<JsonObject[][]>(
    [user],
    [{ role: 'system', content: 'Be brief.' }, user],
    [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] }],
    [user, called, result],
    [user, called, user],
    [marked],
  ),
  max_completion_tokens: optional(1, 500, 400_000),
  temperature: optional(0, 0.5, 1, 2),
  top_p: optional(0.1, 1),
  presence_penalty: optional(0, 1),
  frequency_penalty: optional(0, -1),
  logit_bias: optional<JsonObject>({}, { 1: 5 }),
  logprobs: optional(true, false),
  stop: optional(['Z']),
  seed: optional(1),
  verbosity: optional('low', 'medium'),
  reasoning_effort: optional('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  tools: optional([tool], []),
  tool_choice: optional<string | JsonObject>('auto', 'none', 'required', { type: 'function', function: { name: 'look' } }), // biome-ignore format: one line
  parallel_tool_calls: optional(true, false),
  response_format: optional<JsonObject>({ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'n', schema: parameters, strict: true } }), // biome-ignore format: one line
  prompt_cache_key: optional('k'),
  prompt_cache_retention: optional('24h'),
  user: optional('u'),
  store: optional(true, false),
  top_k: optional(5),
  modalities: optional(['text']),
  prediction: optional<JsonObject>({ type: 'content', content: 'a' }),
});
const settings = optional<NativeRequest['settings']>({ serviceTier: { type: 'flex' } }, { serviceTier: { type: 'default' } }); // biome-ignore format: one line

describe('a body of Chat Completions as a model takes it', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  test.each(models)('%s', async (model) => {
    const able = capabilitiesOf(model);
    let fitted = 0;
    await fc.assert(
      fc.asyncProperty(body, settings, async (given, set = {}) => {
        const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const request: NativeRequest = { api: 'chat', body: sent as JsonObject, betas: [], settings: set };
        const before = structuredClone(request);
        if (converseBecause(request, able)) {
          expect(needsConverse(request, able)).toBe(true);
          expect(() => fitChat(request, able)).toThrow('Only Converse carries');
          return;
        }
        const { native } = fitChat(request, able);
        expect(request, 'the request is not touched').toEqual(before);
        fitted += 1;
        const answer = await call(simulator, '/chat/completions', { ...native.body, model });
        expect([answer.status, answer.json.error?.message]).toEqual([200, undefined]);
      }),
      { numRuns: 60 },
    );
    expect(fitted).toBeGreaterThan(0);
  });
});
