import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Counted,
  createMetrics,
  ofEachModel,
  otherModels,
  totals,
} from '../../../lambda/accounting/metrics.ts';

const at = Date.UTC(2026, 10, 28);
const answered: Counted = {
  status: 200,
  model: 'us.anthropic.claude-sonnet-5',
  totalMs: 2100,
  firstTokenMs: 420,
  inputTokens: 1000,
  outputTokens: 200,
  cacheReadTokens: 800,
  costUsd: '0.00869',
};
const emptyAnswer = { status: 200, totalMs: 3 };

describe('embedded metrics', () => {
  it('are one object whose metrics all have a value, in two sets', () => {
    const { _aws, ...values } = createMetrics({ namespace: 'Team', models: 5 })(answered, at);
    expect(_aws.Timestamp).toBe(at);
    expect(_aws.CloudWatchMetrics.map(({ Namespace, Dimensions }) => ({ Namespace, Dimensions }))).toEqual([
      { Namespace: 'Team', Dimensions: [[]] },
      { Namespace: 'Team', Dimensions: [['Model']] },
    ]);
    const [all, ofModel] = _aws.CloudWatchMetrics.map(({ Metrics }) => Metrics.map(({ Name }) => Name));
    expect(all).toEqual(Object.keys(totals));
    expect(ofModel).toEqual(Object.keys(ofEachModel));
    expect(values).toEqual({
      Model: 'us.anthropic.claude-sonnet-5',
      Requests: 1,
      Errors4xx: 0,
      Errors5xx: 0,
      Throttled: 0,
      StreamFailed: 0,
      Failed: 0,
      FirstTokenMs: 420,
      DurationMs: 2100,
      InputTokens: 1000,
      OutputTokens: 200,
      CacheReadTokens: 800,
      CostUsd: 0.00869,
      Unpriced: 0,
      Unmetered: 0,
      BudgetRefused: 0,
    });
  });

  test('O29: any record is one line of JSON with at most 14 metrics a set, and nothing of the record but numbers and the model', () => {
    const text = fc.string({ unit: 'binary' });
    const records = fc.record(
      {
        status: fc.integer({ min: 100, max: 599 }),
        errorReason: text,
        model: text,
        totalMs: fc.nat(),
        firstTokenMs: fc.nat(),
        inputTokens: fc.nat(),
        costUsd: fc.nat().map((n) => `${n}.25`),
        unpriced: text,
        tokensEstimated: text,
        key: fc.constant('team-key-name'),
        prompt: fc.constant('the prompt'),
      },
      { requiredKeys: ['key', 'prompt'] },
    );
    fc.assert(
      fc.property(records, fc.nat({ max: 3 }), (record, models) => {
        const metrics = createMetrics({ namespace: 'N', models })(record, at);
        const line = JSON.stringify(metrics);
        expect(line).not.toMatch(/[\n\r]|team-key-name|the prompt/);
        for (const { Dimensions, Metrics } of metrics._aws.CloudWatchMetrics) {
          expect(Metrics.length).toBeLessThanOrEqual(14);
          for (const { Name } of Metrics) expect(metrics[Name]).toEqual(expect.any(Number));
          for (const name of Dimensions.flat()) expect(metrics[name]).toEqual(expect.any(String));
        }
      }),
    );
  });

  test.each<[string, Counted, object]>([
    ['a bad request', { status: 400, errorReason: 'bad_request' }, { Errors4xx: 1, Errors5xx: 0, Failed: 0 }],
    ['a throttled one', { status: 429, errorReason: 'throttled' }, { Errors4xx: 1, Throttled: 1 }],
    ['a used up quota', { status: 429, errorReason: 'quota_exceeded' }, { Throttled: 1 }],
    ['one over its limit', { status: 429, errorReason: 'over_limit' }, { Throttled: 0, BudgetRefused: 1 }],
    ['one over its budget', { status: 429, errorReason: 'over_budget' }, { Throttled: 0, BudgetRefused: 1 }],
    ['a failure of Bedrock’s', { status: 502, errorReason: 'model_error' }, { Errors5xx: 1, Failed: 1 }],
    ['a stream that broke', { status: 200, errorReason: 'connection' }, { StreamFailed: 1, Failed: 1 }],
    ['a client that left', { status: 200, errorReason: 'aborted' }, { StreamFailed: 0, Failed: 0 }],
    ['an estimate', { status: 200, tokensEstimated: 'left' }, { Unmetered: 1 }],
    ['an unknown price', { status: 200, unpriced: 'not_priced' }, { Unpriced: 1 }],
  ])('count %s', (_name, record, expected) => {
    expect(createMetrics({ namespace: 'N', models: 5 })(record, at)).toMatchObject(expected);
  });

  it('have no cost where none is known, which is not a cost of 0', () => {
    const { _aws, ...values } = createMetrics({ namespace: 'N', models: 5 })(emptyAnswer, at);
    expect(values).not.toHaveProperty('CostUsd');
    expect(JSON.stringify(_aws)).not.toContain('CostUsd');
  });

  it('are those of a model only where one was called', () => {
    expect(createMetrics({ namespace: 'N', models: 5 })(emptyAnswer, at)._aws.CloudWatchMetrics).toHaveLength(
      1,
    );
    expect(createMetrics({ namespace: 'N', models: 0 })(answered, at)._aws.CloudWatchMetrics).toHaveLength(1);
  });

  it('are one together for the models beyond their number', () => {
    const metrics = createMetrics({ namespace: 'N', models: 2 });
    const named = ['a', 'b', 'c', 'a', 'd', 'b'].map((model) => metrics({ ...answered, model }, at).Model);
    expect(named).toEqual(['a', 'b', otherModels, 'a', otherModels, 'b']);
  });

  it('name an application inference profile without the account', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
    const { Model } = createMetrics({ namespace: 'N', models: 2 })({ ...answered, model: arn }, at);
    expect(Model).toBe('abc123');
  });
});
