import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmName, type AlarmThresholds, alarmRows, thresholdOf } from '../settings/alarm-rows.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

export interface AlarmsProps {
  metrics: GatewayMetrics;
  function: IFunction;
  logGroup: ILogGroup;
  timeoutSeconds: number;
  reservedConcurrency: number | undefined;
  thresholds: AlarmThresholds;
  topicArn: string | undefined;
}

/** The alarms of the settings. Silence is no failure: a gateway that nobody uses is well. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { topicArn } = props;
    const action =
      topicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, 'Topic', topicArn));
    const watched = { ...watchedBy(props), budgetsReached: this.budgetsReached(props) };
    for (const name of Object.keys(alarmRows) as AlarmName[]) {
      const threshold = thresholdOf(thresholdsFor(props), name);
      if (threshold !== undefined) this.add(name, watched[name], threshold, action);
    }
  }

  /** Of its lines in the log, because a budget that is reached is no fact of one request. */
  private budgetsReached({ logGroup, metrics }: AlarmsProps): IMetric {
    const filter = new MetricFilter(this, 'BudgetsReached', {
      logGroup,
      metricNamespace: metrics.namespace,
      metricName: 'BudgetsReached',
      filterPattern: FilterPattern.stringValue('$.message', '=', 'budget'),
    });
    return filter.metric({ statistic: 'Sum', period: Duration.minutes(5) });
  }

  private add(name: AlarmName, metric: IMetric, threshold: number, action: IAlarmAction | undefined): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${alarmRows[name].about} Above ${threshold}.`,
    });
    if (!action) return;
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

/** The share of the timeout in milliseconds, and of the concurrency what the function has of its own. */
function thresholdsFor({ thresholds, timeoutSeconds, reservedConcurrency }: AlarmsProps): AlarmThresholds {
  const percent = thresholdOf(thresholds, 'durationPercent');
  const own = reservedConcurrency === undefined ? undefined : Math.floor(0.8 * reservedConcurrency);
  return {
    ...thresholds,
    durationPercent: percent === undefined ? false : percent * 10 * timeoutSeconds,
    concurrentExecutions: thresholds.concurrentExecutions ?? own ?? alarmRows.concurrentExecutions.default,
  };
}

function watchedBy({
  metrics,
  function: lambda,
}: AlarmsProps): Record<Exclude<AlarmName, 'budgetsReached'>, IMetric> {
  const soon = Duration.minutes(5);
  const quarter = Duration.minutes(15);
  const hour = Duration.hours(1);
  return {
    serverErrorPercent: metrics.percent('Errors5xx', ['Requests'], soon, '% failed'),
    throttledPercent: metrics.percent('Throttled', ['Requests'], soon, '% throttled'),
    streamFailures: metrics.sum('StreamFailed', quarter),
    firstTokenMs: metrics.of('FirstTokenMs', 'p95', quarter),
    dollarsPerHour: metrics.sum('CostUsd', hour),
    unpriced: metrics.sum('Unpriced', Duration.days(1)),
    unmetered: metrics.sum('Unmetered', hour),
    budgetRefusals: metrics.sum('BudgetRefused', soon),
    functionErrors: lambda.metricErrors({ period: soon, statistic: 'Sum' }),
    functionThrottles: lambda.metricThrottles({ period: soon, statistic: 'Sum' }),
    concurrentExecutions: lambda.metric('ConcurrentExecutions', { period: soon, statistic: 'Maximum' }),
    durationPercent: lambda.metricDuration({ period: quarter, statistic: 'p99' }),
  };
}
