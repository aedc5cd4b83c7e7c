import { describe, expect, test } from 'vitest';
import { noTokens } from '../../lambda/accounting/tokens.ts';
import { Trace } from '../../lambda/accounting/trace.ts';
import { readConfig } from '../../lambda/config.ts';
import { createRecorder } from '../../lambda/record-parts.ts';
import { createLogger } from '../../lambda/telemetry/logger.ts';

function recorded(env: Record<string, string>, times = 1) {
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger('info', (line) => logs.push(JSON.parse(line)));
  const { record, costs } = createRecorder({ config: readConfig(env), logger });
  const trace = new Trace();
  const call = trace.begin({
    modelId: 'us.amazon.nova-lite-v1:0',
    region: 'us-east-1',
    repeated: false,
    startedAt: Date.UTC(2026, 10, 28),
    tokens: { ...noTokens, input: 1_000_000 },
  });
  trace.end(call, 'ok', Date.UTC(2026, 10, 28));
  const http = { requestId: 'req', status: 200, firstByteMs: 1, totalMs: 2, arrivedAt: 0 };
  for (let time = 0; time < times; time++) record(trace, http);
  return { logs, costs: costs(trace) };
}

describe('the record of a request', () => {
  test('has its cost by the table', () => {
    const { logs, costs } = recorded({});
    expect(logs).toMatchObject([{ message: 'request', ...costs }]);
    expect(costs).toEqual({ costUsd: '0.06', pricedFrom: '2026-11-20' });
  });
  test('has its cost by the settings', () => {
    const { costs } = recorded({ PRICES: '{"us.amazon.*":{"input":"0.05"}}' });
    expect(costs).toEqual({ costUsd: '0.05', pricedFrom: 'override' });
  });
  test('says nothing of the cost where the settings cannot be used, which the log says once', () => {
    const { logs, costs } = recorded({ PRICES: '{"us.*":{"input":"much"}}' }, 2);
    const [line, ...records] = logs;
    expect(costs).toEqual({});
    expect(line).toMatchObject({
      level: 'error',
      reason: expect.stringMatching(/^PRICES: "us\.\*" "input" is "much": must be an amount of USD/),
    });
    expect(records).toHaveLength(2);
    for (const record of records) expect(Object.keys(record).join()).not.toMatch(/cost|pric/i);
  });
});
