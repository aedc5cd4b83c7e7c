import type { Limits } from '../auth/limits-record.ts';
import { bigOf, type Item, numberOf, textsIn } from '../store/types.ts';
import { limitsMoney } from './amount.ts';
import type { WindowName, Windows } from './windows.ts';

/** How much of its limits somebody has used, as the table has it. */
export interface Standing {
  /** The windows that the counters are of; absent: nothing has been counted yet. */
  readonly windows: Partial<Windows>;
  readonly requests: number;
  readonly tokens: number;
  readonly dayPico: bigint;
  readonly monthPico: bigint;
  /** Requests under way, each with the end of its time. */
  readonly slots: readonly string[];
  /** The marks of the alerts that were given last, and of which budgets; see `alerts.ts`. */
  readonly alerted?: Readonly<Record<'day' | 'month', number>> &
    Readonly<Partial<Record<'dayOf' | 'monthOf', bigint>>>;
}

/** Names of the attributes. None of them is a reserved word of DynamoDB. */
export const names = {
  minute: 'minuteStart',
  requests: 'minuteRequests',
  tokens: 'minuteTokens',
  day: 'dayStart',
  dayPico: 'dayPico',
  month: 'monthStart',
  monthPico: 'monthPico',
  slots: 'openSlots',
  dayAlerted: 'dayAlerted',
  monthAlerted: 'monthAlerted',
  dayAlertedOf: 'dayAlertedOf',
  monthAlertedOf: 'monthAlertedOf',
  expires: 'expiresAt',
} as const;

export function standingOf(item: Item = {}): Standing {
  const windows: { -readonly [Name in WindowName]?: number } = {};
  for (const name of ['minute', 'day', 'month'] as const) {
    const window = numberOf(item, names[name]);
    if (window !== undefined) windows[name] = window;
  }
  return {
    windows,
    requests: numberOf(item, names.requests) ?? 0,
    tokens: numberOf(item, names.tokens) ?? 0,
    dayPico: bigOf(item, names.dayPico),
    monthPico: bigOf(item, names.monthPico),
    slots: textsIn(item, names.slots),
    alerted: {
      day: numberOf(item, names.dayAlerted) ?? 0,
      month: numberOf(item, names.monthAlerted) ?? 0,
      ...(item[names.dayAlertedOf] && { dayOf: bigOf(item, names.dayAlertedOf) }),
      ...(item[names.monthAlertedOf] && { monthOf: bigOf(item, names.monthAlertedOf) }),
    },
  };
}

/** The windows that are counted for these limits. */
export function countedWindows(limits: Limits): WindowName[] {
  const { requestsPerMinute, tokensPerMinute } = limits;
  const minute = requestsPerMinute !== undefined || tokensPerMinute !== undefined;
  return [
    ...(minute ? (['minute'] as const) : []),
    ...(limitsMoney(limits) ? (['day', 'month'] as const) : []),
  ];
}

/** The windows that count now. One that the table has begun already is not gone back from: clocks differ. */
export function windowsNow(now: Windows, { windows }: Pick<Standing, 'windows'>): Windows {
  return {
    minute: Math.max(now.minute, windows.minute ?? 0),
    day: Math.max(now.day, windows.day ?? 0),
    month: Math.max(now.month, windows.month ?? 0),
  };
}

/** What has been used in the windows that count now. */
export function usedIn(
  windows: Windows,
  standing: Standing,
): Omit<Standing, 'windows' | 'slots' | 'alerted'> {
  const isNow = (name: WindowName) => standing.windows[name] === windows[name];
  return {
    requests: isNow('minute') ? standing.requests : 0,
    tokens: isNow('minute') ? standing.tokens : 0,
    dayPico: isNow('day') ? standing.dayPico : 0n,
    monthPico: isNow('month') ? standing.monthPico : 0n,
  };
}

/** A request's place among those that run at a time. It is free again when its time is over, whatever became of it. */
export const slotOf = (endsAt: number, id: string): string =>
  `${Math.ceil(endsAt / 1000).toString(36)}.${id}`;

export function isSlotOver(slot: string, at: number): boolean {
  const end = Number.parseInt(slot.split('.')[0] ?? '', 36);
  return Number.isNaN(end) || end * 1000 < at;
}
