import { nearest } from './nearest.ts';

/** One alarm: when it goes off, as the documentation and CloudWatch say it. */
interface AlarmRow {
  /** Absent: there is no number that fits everybody, so the alarm is only there with one. */
  default?: number;
  max?: number;
  /** Completes “goes off when … the threshold”. */
  about: string;
}

/** Every alarm, by its name in the setting `alarms`. It goes off above the threshold. */
export const alarmRows = {
  serverErrorPercent: {
    default: 2,
    max: 100,
    about: 'Percent of the requests of five minutes that were answered with 500 to 599.',
  },
  throttledPercent: {
    default: 5,
    max: 100,
    about: 'Percent of the requests of five minutes that Bedrock throttled or had no quota for.',
  },
  streamFailures: { default: 0, about: 'Streams of 15 minutes that ended with an error.' },
  firstTokenMs: {
    default: 30_000,
    about: 'Milliseconds to the first token that one in twenty answers of 15 minutes took longer than.',
  },
  dollarsPerHour: { about: 'US dollars of an hour, by the gateway’s own price table.' },
  unpriced: {
    default: 0,
    about: 'Requests of a day whose cost is not known: the price table is out of date.',
  },
  unmetered: { default: 0, about: 'Requests of an hour whose tokens Bedrock has not said.' },
  budgetRefusals: {
    default: 0,
    about: 'Requests of five minutes that a limit or budget of their key refused.',
  },
  budgetsReached: {
    default: 0,
    about: 'Budgets of keys and teams of which 80 or 100 % are spent, in five minutes; the log says whose.',
  },
  functionErrors: { default: 0, about: 'Invocations of five minutes that ended in an error of Lambda’s.' },
  functionThrottles: { default: 0, about: 'Invocations of five minutes for which there was no concurrency.' },
  concurrentExecutions: {
    default: 800,
    about:
      'Requests at once. An account has 1,000 unless it asks for more; with `reservedConcurrency` set 80 % of that.',
  },
  durationPercent: {
    default: 90,
    max: 100,
    about: 'Percent of the function’s timeout that one in a hundred requests of 15 minutes took longer than.',
  },
} as const satisfies Record<string, AlarmRow>;

export type AlarmName = keyof typeof alarmRows;
/** false: no such alarm. */
export type AlarmThresholds = { readonly [Name in AlarmName]?: number | false };

const isAlarm = (name: string): name is AlarmName => Object.hasOwn(alarmRows, name);

/** One for each member that is wrong. */
export function alarmProblems(alarms: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(alarms).flatMap(([name, threshold]) => {
    if (!isAlarm(name)) {
      const meant = nearest(name, Object.keys(alarmRows));
      const hint = meant ? `did you mean ${meant}?` : `alarms are ${Object.keys(alarmRows).join(', ')}`;
      return [`gateway.alarms has ${name}, which is no alarm: ${hint}`];
    }
    const { max = Number.MAX_SAFE_INTEGER }: AlarmRow = alarmRows[name];
    const isNumber = typeof threshold === 'number' && threshold >= 0 && threshold <= max;
    if (threshold === false || isNumber) return [];
    const allowed = max === 100 ? 'a number from 0 to 100' : 'a number from 0';
    return [
      `gateway.alarms has ${name} as ${JSON.stringify(threshold)}: must be ${allowed}, or false for no such alarm`,
    ];
  });
}

/** Of an alarm that is to be there; undefined: it is not. */
export function thresholdOf(alarms: AlarmThresholds, name: AlarmName): number | undefined {
  const { default: usual }: AlarmRow = alarmRows[name];
  const given = alarms[name] ?? usual;
  return given === false ? undefined : given;
}

/** The alarms as a Markdown table, for the documentation. */
export function alarmsTable(): string {
  const rows = Object.entries<AlarmRow>(alarmRows).map(
    ([name, { default: usual, about }]) => `| \`${name}\` | ${usual ?? 'none'} | ${about} |`,
  );
  return ['| Alarm | Threshold | Goes off above that many |', '|---|---|---|', ...rows].join('\n');
}
