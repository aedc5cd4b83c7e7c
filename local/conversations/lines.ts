import { table } from '../commands/command.ts';
import { showTotal, totalsOf } from './money.ts';
import type { Listed, Skipped } from './store.ts';

/** A list of conversations for a person. */
export function listLines(listed: readonly Listed[]): string {
  return table([
    ['ID', 'LAST', 'TURNS', 'COST', 'MODEL', 'TITLE'],
    ...listed.map(({ id, updatedAt, conversation, encrypted }) =>
      conversation
        ? [
            id,
            timeOf(updatedAt),
            String(conversation.turns.length),
            showTotal(totalsOf(conversation)),
            conversation.model,
            conversation.title,
          ]
        : [id, timeOf(updatedAt), '-', '-', '-', `(encrypted: ${encrypted})`],
    ),
  ]);
}

export const skippedLines = (skipped: readonly Skipped[]): string =>
  skipped.map(({ name, why }) => `Skipped ${name}: ${why}.\n`).join('');

/** In this machine's own time, to the minute. */
function timeOf(iso: string): string {
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
