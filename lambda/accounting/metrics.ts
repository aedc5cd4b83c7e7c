import type { RequestRecord } from './record.ts';

/**
 * CloudWatch's embedded metrics: one line of the log a request, which CloudWatch Logs turns into metrics by itself. No
 * call, no wait (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 *
 * Own code and not Powertools for Lambda: that keeps the metrics of one request at a time in a singleton, and what there
 * is to write is one object.
 */
export interface EmbeddedMetrics {
  _aws: { Timestamp: number; CloudWatchMetrics: Directive[] };
  [member: string]: unknown;
}

/** Which of the members beside it are metrics, and by which dimensions. */
interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string; Unit: Unit }[];
}

type Unit = 'Count' | 'Milliseconds' | 'None';

/** Of all requests together: 14 custom metrics, whatever is called. */
export const totals = {
  Requests: 'Count',
  /** Answered with 400 to 499, throttled ones included. */
  Errors4xx: 'Count',
  Errors5xx: 'Count',
  /** Of these, those that Bedrock throttled or whose quota it says is used up. */
  Throttled: 'Count',
  /** Streams that ended with an error after their 200. */
  StreamFailed: 'Count',
  FirstTokenMs: 'Milliseconds',
  DurationMs: 'Milliseconds',
  InputTokens: 'Count',
  OutputTokens: 'Count',
  CacheReadTokens: 'Count',
  CostUsd: 'None',
  /** Requests of which something has no known price. */
  Unpriced: 'Count',
  /** Requests whose tokens Bedrock has not said, so that they are an estimate. */
  Unmetered: 'Count',
  /** Refused by the gateway for a limit or budget of the key. */
  BudgetRefused: 'Count',
} as const satisfies Record<string, Unit>;

/** The same of each model, with the dimension `Model`: four custom metrics a model. */
export const ofEachModel = {
  Requests: 'Count',
  /** Answered with 500 to 599, or streams that ended with an error. */
  Failed: 'Count',
  FirstTokenMs: 'Milliseconds',
  CostUsd: 'None',
} as const satisfies Record<string, Unit>;

/** What the dimension says of the models beyond the number that has metrics of its own, and of names that may be made up. */
export const otherModels = 'other';

/** What a record says, as far as it is counted. */
export type Counted = Pick<
  RequestRecord,
  | 'status'
  | 'errorReason'
  | 'totalMs'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadTokens'
  | 'tokensEstimated'
> & {
  /** What Bedrock was called with last; absent: it was not called. */
  model?: string | undefined;
  /** Nothing shows that there is such a model: a client may have made its name up. */
  isModelUnsure?: boolean;
  /** Dollars as a decimal number; absent: not known. */
  costUsd?: string | undefined;
  /** Why a part of the cost is not known. */
  unpriced?: string | undefined;
  /** Milliseconds to the first token of an answer. */
  firstTokenMs?: number | undefined;
};

export interface MetricsOptions {
  namespace: string;
  /** Models that get metrics of their own, in the order of their first use; the others are one together. */
  models: number;
}

/** Renders the metrics of records; remembers which models have their own. `at`: epoch milliseconds. */
export function createMetrics({ namespace, models }: MetricsOptions) {
  const known = new Set<string>();
  const dimensionOf = (model: string, isUnsure = false): string => {
    if (!known.has(model) && known.size < models && !isUnsure) known.add(model);
    return known.has(model) ? model : otherModels;
  };
  return (record: Counted, at: number): EmbeddedMetrics => {
    const values = valuesOf(record);
    const model =
      models > 0 && record.model !== undefined
        ? { Model: dimensionOf(shortName(record.model), record.isModelUnsure) }
        : undefined;
    const directives = [directive(namespace, [], totals, values)];
    if (model) directives.push(directive(namespace, ['Model'], ofEachModel, values));
    return { _aws: { Timestamp: at, CloudWatchMetrics: directives }, ...model, ...values };
  };
}

type Values = Partial<Record<keyof typeof totals | keyof typeof ofEachModel, number>>;

function valuesOf(record: Counted): Values {
  const { status = 0, errorReason, costUsd, firstTokenMs, totalMs } = record;
  const failedStream = status === 200 && errorReason !== undefined && errorReason !== 'aborted';
  return {
    Requests: 1,
    Errors4xx: count(status >= 400 && status < 500),
    Errors5xx: count(status >= 500),
    Throttled: count(errorReason === 'throttled' || errorReason === 'quota_exceeded'),
    StreamFailed: count(failedStream),
    Failed: count(status >= 500 || failedStream),
    ...(firstTokenMs !== undefined && { FirstTokenMs: firstTokenMs }),
    ...(totalMs !== undefined && { DurationMs: totalMs }),
    InputTokens: record.inputTokens ?? 0,
    OutputTokens: record.outputTokens ?? 0,
    CacheReadTokens: record.cacheReadTokens ?? 0,
    ...(costUsd !== undefined && { CostUsd: Number(costUsd) }),
    Unpriced: count(record.unpriced !== undefined),
    Unmetered: count(record.tokensEstimated !== undefined),
    BudgetRefused: count(errorReason === 'over_limit' || errorReason === 'over_budget'),
  };
}

const count = (is: boolean): number => (is ? 1 : 0);

/** Names only the metrics that have a value: one without is an error of the whole line. */
function directive(
  namespace: string,
  dimensions: string[],
  metrics: Readonly<Record<string, Unit>>,
  values: Readonly<Record<string, number>>,
): Directive {
  const named = Object.entries(metrics).filter(([name]) => values[name] !== undefined);
  return {
    Namespace: namespace,
    Dimensions: [dimensions],
    Metrics: named.map(([Name, Unit]) => ({ Name, Unit })),
  };
}

/** Of an ARN its last part: the account has no place in a metric, and a dimension's value has at most 1,024 characters. */
const shortName = (model: string): string =>
  (model.startsWith('arn:') ? model.slice(model.lastIndexOf('/') + 1) : model).slice(0, 255);
