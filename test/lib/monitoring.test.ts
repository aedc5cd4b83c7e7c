import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it, test } from 'vitest';
import { ofEachModel, totals } from '../../lambda/accounting/metrics.ts';
import { alarmRows } from '../../lib/settings/alarm-rows.ts';
import { asText, templateFor } from './synth.ts';

type Found = Record<string, { Properties: Record<string, unknown> }>;
const alarmsOf = (gateway: Record<string, unknown>) =>
  Object.values(templateFor(gateway).findResources('AWS::CloudWatch::Alarm') as Found).map(
    ({ Properties }) => Properties,
  );
const dashboardOf = (gateway: Record<string, unknown> = {}) => {
  const [board] = Object.values(templateFor(gateway).findResources('AWS::CloudWatch::Dashboard') as Found);
  return board && asText(board.Properties.DashboardBody);
};

describe('metrics', () => {
  it('are written for the name of the stack, so that two gateways are two sets', () => {
    templateFor({ stackName: 'Team' }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { METRICS_NAMESPACE: 'Team' } },
    });
  });

  it('are not, nor shown, where the settings switch them off', () => {
    const template = templateFor({ metrics: false });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { METRICS_NAMESPACE: Match.absent() } },
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('the dashboard', () => {
  it('shows every metric that the function writes, and no other of its namespace', () => {
    const body = dashboardOf() ?? '';
    const shown = [...body.matchAll(/\["BedrockGateway","(\w+)"/g)].map(([, name]) => name);
    const searched = [...body.matchAll(/MetricName=\\"(\w+)\\"/g)].map(([, name]) => name);
    const known = new Set(Object.keys({ ...totals, DurationMs: 0 }));
    expect(new Set(shown)).toEqual(new Set([...known].filter((name) => name !== 'DurationMs')));
    expect(new Set(searched)).toEqual(new Set(Object.keys(ofEachModel)));
  });

  it('has no models where none has metrics of its own', () => {
    expect(dashboardOf({ metricModels: 0 })).not.toContain('SEARCH');
  });

  it('is left out by its setting', () => {
    templateFor({ dashboard: false }).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('alarms', () => {
  it('are none unless the settings have some: each costs money at rest', () => {
    templateFor().resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('are all those with a threshold, and none of them takes silence for a failure', () => {
    const alarms = alarmsOf({ alarms: {} });
    const usual = Object.values(alarmRows).filter((row) => 'default' in row);
    expect(alarms).toHaveLength(usual.length);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
      expect(alarm).not.toHaveProperty('AlarmActions');
    }
  });

  test.each<[string, Record<string, unknown>, number]>([
    ['serverErrorPercent', {}, 2],
    ['throttledPercent', { alarms: { throttledPercent: 1.5 } }, 1.5],
    ['durationPercent', { timeoutSeconds: 600 }, 540_000],
    ['concurrentExecutions', {}, 800],
    ['concurrentExecutions', { reservedConcurrency: 50 }, 40],
    ['concurrentExecutions', { reservedConcurrency: 50, alarms: { concurrentExecutions: 45 } }, 45],
    ['dollarsPerHour', { alarms: { dollarsPerHour: 12 } }, 12],
  ])('have their thresholds: %s of %o', (name, settings, threshold) => {
    const about = alarmRows[name as keyof typeof alarmRows].about;
    const found = alarmsOf({ alarms: {}, ...settings }).filter(({ AlarmDescription }) =>
      `${AlarmDescription}`.startsWith(about),
    );
    expect(found.map(({ Threshold }) => Threshold)).toEqual([threshold]);
  });

  it('are left out one by one', () => {
    const all = alarmsOf({ alarms: {} });
    expect(alarmsOf({ alarms: { unpriced: false, streamFailures: false } })).toHaveLength(all.length - 2);
  });

  it('go to a topic, and so do their ends', () => {
    const topic = 'arn:aws:sns:us-east-1:123456789012:pager';
    for (const alarm of alarmsOf({ alarms: {}, alarmTopicArn: topic })) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
  });

  it('hear of budgets by the lines that the log has of them', () => {
    templateFor({ alarms: {} }).hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.message = "budget" }',
      MetricTransformations: [
        { MetricNamespace: 'BedrockGateway', MetricName: 'BudgetsReached', MetricValue: '1' },
      ],
    });
    templateFor().resourceCountIs('AWS::Logs::MetricFilter', 0);
  });

  it('divide by no requests without a failure of their own', () => {
    const [percent] = alarmsOf({ alarms: {} });
    expect(JSON.stringify(percent)).toContain('IF(requests > 0, 100 * errors5xx / (requests))');
  });
});
