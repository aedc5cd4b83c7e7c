import { describe, expect, it, test } from 'vitest';
import type { NativeRequest, NativeSettings } from '../../../../lambda/canonical/native.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { fitResponses, needsConverse } from '../../../../lambda/fit/responses/index.ts';
import type { ResponsesTraits } from '../../../../lambda/models/capabilities.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { goldenCases } from '../../../support/golden.ts';

interface Case {
  note: string;
  model: string;
  body: JsonObject;
  settings?: NativeSettings;
  /** The body, less what every one has, or that the request goes by Converse. */
  expected: { body?: JsonObject; warnings?: string[]; ignored?: string[]; converse?: true };
}

const native = (body: JsonObject, settings: NativeSettings = {}): NativeRequest => ({
  api: 'responses',
  body,
  betas: [],
  settings,
});

function outcome({ model, body, settings }: Omit<Case, 'expected' | 'note'>): Case['expected'] {
  const able = capabilitiesOf(model);
  const request = native(body, settings);
  const before = structuredClone(request);
  if (needsConverse(request, able)) {
    expect(() => fitResponses(request, able)).toThrow('Only Converse carries');
    return { converse: true };
  }
  const { native: fitted, warnings, ignored } = fitResponses(request, able);
  expect(request, 'the request is not touched').toEqual(before);
  const { include, store, ...sent } = fitted.body;
  expect([include, store]).toEqual([['reasoning.encrypted_content'], false]);
  return {
    body: sent,
    ...(warnings.length > 0 && { warnings: warnings.map(String) }),
    ...(ignored.length > 0 && { ignored: ignored.map(String) }),
  };
}

describe('a body of Responses as a model takes it', () => {
  it.each(goldenCases<Case>('responses-native/fit'))('$name', ({ case: { expected, ...given } }) => {
    expect(outcome(given)).toEqual(expected);
  });
});

describe('what a model has refused', () => {
  const gpt = capabilitiesOf('openai.gpt-5.6-sol');
  const fitWith = (body: JsonObject, traits: Partial<ResponsesTraits>) =>
    fitResponses(native(body), { ...gpt, responses: { ...gpt.responses, tiers: [], ...traits } }).native.body;

  test('encrypted items', () => {
    const message = { type: 'message', role: 'user', content: 'Hi' };
    const input: JsonObject[] = [{ type: 'reasoning', summary: [], encrypted_content: 'e' }, { type: 'compaction', encrypted_content: 'c' }, message]; // biome-ignore format: one line
    expect(fitWith({ input }, { refusesReasoning: true }).input).toEqual([message]);
    expect(fitWith({ input }, {}).input).toEqual(input);
  });

  test('strict schemas', () => {
    const format = { type: 'json_schema', name: 'n', schema: {}, strict: true };
    const tool = { type: 'function', name: 'f', parameters: {}, strict: true };
    expect(fitWith({ input: 'Hi', text: { format }, tools: [tool] }, { refusesStrict: true })).toMatchObject({
      text: { format: { ...format, strict: false } },
      tools: [{ ...tool, strict: false }],
    });
  });

  test('a member', () => {
    expect(fitWith({ input: 'Hi', foo: 1, bar: 2 }, { refused: ['foo'] })).not.toHaveProperty('foo');
  });
});
