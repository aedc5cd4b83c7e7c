import type { Limits } from '../auth/limits-record.ts';
import type { Key, Update } from '../store/types.ts';
import { picoOf } from './amount.ts';
import { names, type Standing, usedIn, windowsNow } from './standing.ts';
import { windowsAt } from './windows.ts';

/** Percents of a budget at which its operator is to hear of it, once in a day or month each; of another budget anew. */
export const alertPercents = [80, 100] as const;

const budgets = {
  dollarsPerDay: { window: 'day', used: 'dayPico', attribute: names.dayAlerted, of: names.dayAlertedOf },
  dollarsPerMonth: {
    window: 'month',
    used: 'monthPico',
    attribute: names.monthAlerted,
    of: names.monthAlertedOf,
  },
} as const;
export type BudgetName = keyof typeof budgets;

/** A budget that has come so far. */
export interface BudgetAlert {
  limit: BudgetName;
  percent: (typeof alertPercents)[number];
  /** Dollars × 10⁻¹², with what is reserved. */
  usedPico: bigint;
  /** A number that grows from alert to alert: of a window by its percent, and from window to window. */
  mark: number;
  /** The budget, in dollars × 10⁻¹². */
  ofPico: bigint;
}

interface Asking {
  limits: Limits;
  /** As the counters were seen last. */
  standing: Standing;
  /** The budget for which a request was refused: it is spent, though less than all of it may have been used. */
  refused: BudgetName | undefined;
  /** Epoch milliseconds. */
  at: number;
}

/** The alerts that are due and of which the table does not say that they have been given. */
export function alertsDue({ limits, standing, refused, at }: Asking): BudgetAlert[] {
  const windows = windowsNow(windowsAt(at), standing);
  const counted = usedIn(windows, standing);
  return (Object.keys(budgets) as BudgetName[]).flatMap((limit) => {
    const dollars = limits[limit];
    if (dollars === undefined) return [];
    const { window, used } = budgets[limit];
    const usedPico = counted[used];
    const ofPico = picoOf(dollars);
    const share = refused === limit ? 100n : (100n * usedPico) / ofPico;
    const percent = alertPercents.findLast((each) => share >= BigInt(each));
    if (percent === undefined) return [];
    const mark = windows[window] * 1000 + percent;
    const { [window]: given = 0, [`${window}Of` as const]: before = ofPico } = standing.alerted ?? {};
    return given >= mark && before === ofPico ? [] : [{ limit, percent, usedPico, mark, ofPico }];
  });
}

/** Of all who find an alert due, the one whose write is done gives it. */
export function alertUpdate(key: Key, { limit, mark, ofPico }: BudgetAlert): Update {
  const { attribute, of } = budgets[limit];
  return {
    key,
    expression: `SET ${attribute} = :mark, ${of} = :of`,
    condition: `attribute_not_exists(${attribute}) OR ${attribute} < :mark OR (attribute_exists(${of}) AND ${of} <> :of)`,
    values: { ':mark': { N: String(mark) }, ':of': { N: String(ofPico) } },
  };
}
