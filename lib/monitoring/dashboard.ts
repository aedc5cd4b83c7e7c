import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { GatewayMetrics } from './gateway-metrics.ts';

const period = Duration.minutes(5);
const day = Duration.days(1);

/** What an operator looks at first, from the top: cost and use of the day, then failures, times, tokens, models. */
export function addDashboard(
  scope: Construct,
  metrics: GatewayMetrics,
  { byModel }: { byModel: boolean },
): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', { defaultInterval: Duration.days(1) });
  dashboard.addWidgets(...today(metrics));
  dashboard.addWidgets(
    graph('Requests', [metrics.sum('Requests', period)]),
    graph('Errors', [
      metrics.sum('Errors4xx', period, '400 to 499'),
      metrics.sum('Errors5xx', period, '500 to 599'),
      metrics.sum('BudgetRefused', period, 'over a limit or budget'),
    ]),
    graph('Throttled by Bedrock, failed streams', [
      metrics.sum('Throttled', period, 'throttled'),
      metrics.sum('StreamFailed', period, 'streams that failed'),
    ]),
  );
  dashboard.addWidgets(
    graph('First token, ms', [
      metrics.of('FirstTokenMs', 'p50', period, 'half within'),
      metrics.of('FirstTokenMs', 'p95', period, '95 % within'),
    ]),
    graph('Tokens', [
      metrics.sum('InputTokens', period, 'input'),
      metrics.sum('CacheReadTokens', period, 'read from the cache'),
      metrics.sum('OutputTokens', period, 'output'),
    ]),
    graph('Read from the cache, % of the input', [cacheShare(metrics, period)]),
  );
  dashboard.addWidgets(
    graph('Cost, US dollars', [metrics.sum('CostUsd', period, 'cost')]),
    graph('Without a known price, without counted tokens', [
      metrics.sum('Unpriced', period, 'not priced'),
      metrics.sum('Unmetered', period, 'not metered'),
    ]),
  );
  if (byModel) {
    dashboard.addWidgets(
      graph('Requests by model', [metrics.byModel('Requests', 'Sum', period)]),
      graph('Failures by model', [metrics.byModel('Failed', 'Sum', period)]),
      graph('First token by model, ms, half within', [metrics.byModel('FirstTokenMs', 'p50', period)]),
      graph('Cost by model, US dollars', [metrics.byModel('CostUsd', 'Sum', period)]),
    );
  }
  return dashboard;
}

function today(metrics: GatewayMetrics): IWidget[] {
  return [
    new SingleValueWidget({
      title: 'A day',
      width: 24,
      height: 4,
      metrics: [
        metrics.sum('CostUsd', day, 'US dollars'),
        metrics.sum('Requests', day, 'requests'),
        metrics.percent('Errors5xx', ['Requests'], day, '% failed'),
        metrics.sum('StreamFailed', day, 'failed streams'),
        cacheShare(metrics, day),
        metrics.sum('Unpriced', day, 'without a known price'),
      ],
    }),
  ];
}

/** `InputTokens` leaves out what the cache gave. */
const cacheShare = (metrics: GatewayMetrics, of: Duration): IMetric =>
  metrics.percent('CacheReadTokens', ['InputTokens', 'CacheReadTokens'], of, '% from the cache');

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: 8, height: 6 });
