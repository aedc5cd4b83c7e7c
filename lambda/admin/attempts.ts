import type { Table } from '../store/table.ts';
import { keyOf } from '../store/types.ts';

/** Attempts to sign in that may fail in one window, of all who try. */
export const mostAttempts = 10;
const windowMs = 5 * 60_000;

export interface Attempts {
  /** Takes one, before the key is looked at. Undefined: there is one; else milliseconds until there is. */
  take(): Promise<number | undefined>;
  /** Gives back that of a key that was right. */
  giveBack(): Promise<void>;
}

/**
 * Counted together, whoever tries: a Function URL may stand behind a proxy, and an address proves nothing. In the table,
 * where there is one that answers, with one conditional write, so that many at once do not pass; else in memory.
 */
export function createAttempts(table: Pick<Table, 'update'> | undefined, now: () => number): Attempts {
  let counted = { window: 0, count: 0 };
  const windowNow = () => Math.floor(now() / windowMs);
  const keyNow = () => keyOf(`SIGNIN#${windowNow()}`, 'ATTEMPTS');
  const inMemory = (change: number): boolean => {
    const window = windowNow();
    if (counted.window !== window) counted = { window, count: 0 };
    if (change > 0 && counted.count >= mostAttempts) return false;
    counted.count = Math.max(0, counted.count + change);
    return true;
  };
  const inTable = async (change: number): Promise<boolean | undefined> => {
    const added = { N: String(change) };
    const values = { ':change': added, ':gone': { N: String(Math.ceil((now() + 2 * windowMs) / 1000)) } };
    const update = {
      key: keyNow(),
      expression: 'SET expiresAt = :gone ADD attempts :change',
      ...(change > 0
        ? {
            condition: 'attribute_not_exists(attempts) OR attempts < :most',
            values: { ...values, ':most': { N: String(mostAttempts) } },
          }
        : { values }),
    };
    return table?.update(update).then(
      ({ done }) => done,
      () => undefined,
    );
  };
  return {
    async take() {
      const taken = inMemory(1) && ((await inTable(1)) ?? true);
      return taken ? undefined : (windowNow() + 1) * windowMs - now();
    },
    async giveBack() {
      inMemory(-1);
      await inTable(-1);
    },
  };
}
