import { describe, expect, test } from 'vitest';
import { anthropicErrors } from '../../../lambda/apis/anthropic/error.ts';
import { openAiErrors } from '../../../lambda/apis/openai/error.ts';
import { GatewayError, type GatewayErrorInit } from '../../../lambda/errors.ts';
import { field } from '../../../lambda/fields.ts';
import { mostUseful } from '../../../lambda/policy/most-useful-error.ts';

const one = { model: 'a', region: 'us-east-1', result: 'cooling_down' };
const other = { model: 'b', region: 'us-east-1', result: 'failed' };

/** Every member that an error can have, each with a value of its own. */
const full: Required<GatewayErrorInit> = {
  status: 429,
  reason: 'over_budget',
  message: 'Budget reached.',
  code: 'insufficient_quota',
  facts: { limited: 'money', overflow: { tokens: 9, limit: 8, said: 'too long' }, missingModel: 'm' },
  param: field('model'),
  retryAfterMs: 1500,
  mayHaveRun: true,
  ofModel: true,
  cause: new Error('why'),
  upstream: { name: 'Name', message: 'Words', status: 400 },
};

describe('the error of several steps', () => {
  test('says of the failure what it would say by itself, and which steps there were', () => {
    const alone = new GatewayError(full);
    const told = mostUseful([alone], [one, other]);
    const { message: _, cause: __, ...said } = full;
    for (const name of Object.keys(said) as (keyof typeof said)[]) {
      const shown = name === 'param' ? told.param : told[name];
      expect(shown, name).toEqual(name === 'param' ? alone.param : alone[name]);
    }
    expect(told.message).toBe(
      'Budget reached. (Tried a in us-east-1: cooling_down; b in us-east-1: failed.)',
    );
    expect(told.cause).toBe(alone);
  });

  test.each([
    ['OpenAI’s', openAiErrors, { limited: 'money' } as const],
    ['Anthropic’s', anthropicErrors, { overflow: { tokens: 9, limit: 8, said: 'too long' } }],
  ])('is rendered in %s words as that of one step is', (_, format, facts) => {
    const alone = new GatewayError({ ...full, facts });
    const told = mostUseful([alone], [one, other]);
    const type = (error: GatewayError) => (format.body(error, 'r') as { error: { type: string } }).error.type;
    expect(type(told)).toBe(type(alone));
    expect(format.headers(told)).toEqual(format.headers(alone));
  });
});
