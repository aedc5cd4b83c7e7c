import type { Limits } from '../auth/limits-record.ts';
import type { Key, Update } from '../store/types.ts';
import { picoOf } from './amount.ts';
import { names, type Standing, usedIn, windowsNow } from './standing.ts';
import { windowsAt } from './windows.ts';

/** Percents of a budget at which its operator is to hear of it, once in a day or month each. */
export const alertPercents = [80, 100] as const;

const budgets = {
  dollarsPerDay: { window: 'day', used: 'dayPico', attribute: names.dayAlerted },
  dollarsPerMonth: { window: 'month', used: 'monthPico', attribute: names.monthAlerted },
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
    const share = refused === limit ? 100n : (100n * usedPico) / picoOf(dollars);
    const percent = alertPercents.findLast((each) => share >= BigInt(each));
    if (percent === undefined) return [];
    const mark = windows[window] * 1000 + percent;
    return (standing.alerted?.[window] ?? 0) >= mark ? [] : [{ limit, percent, usedPico, mark }];
  });
}

/** Of all who find an alert due, the one whose write is done gives it. */
export function alertUpdate(key: Key, { limit, mark }: BudgetAlert): Update {
  const { attribute } = budgets[limit];
  return {
    key,
    expression: `SET ${attribute} = :mark`,
    condition: `attribute_not_exists(${attribute}) OR ${attribute} < :mark`,
    values: { ':mark': { N: String(mark) } },
  };
}
