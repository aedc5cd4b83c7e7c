import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ofEachModel, totals } from '../../lambda/accounting/metrics.ts';

/** The metrics that the function writes, as CloudWatch knows them. */
export class GatewayMetrics {
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  of(
    metricName: keyof typeof totals,
    statistic: string,
    period: Duration,
    label: string = metricName,
  ): Metric {
    return new Metric({ namespace: this.namespace, metricName, statistic, period, label });
  }

  sum(name: keyof typeof totals, period: Duration, label?: string): Metric {
    return this.of(name, 'Sum', period, label);
  }

  /** Percent that one metric is of others together; nothing where these are 0. */
  percent(
    part: keyof typeof totals,
    whole: readonly (keyof typeof totals)[],
    period: Duration,
    label: string,
  ): MathExpression {
    const usingMetrics = Object.fromEntries(
      [part, ...whole].map((name) => [variable(name), this.sum(name, period)]),
    );
    const sum = whole.map(variable).join(' + ');
    return new MathExpression({
      expression: `IF(${sum} > 0, 100 * ${variable(part)} / (${sum}))`,
      usingMetrics,
      period,
      label,
    });
  }

  /** One line for each model that has metrics of its own. */
  byModel(name: keyof typeof ofEachModel, statistic: string, period: Duration): MathExpression {
    return new MathExpression({
      expression: `SEARCH('{"${this.namespace}",Model} MetricName="${name}"', '${statistic}', ${period.toSeconds()})`,
      usingMetrics: {},
      period,
      label: '',
    });
  }
}

/** Variables of metric math begin with a lower case letter. */
const variable = (name: string): string => name[0]!.toLowerCase() + name.slice(1);
