import type { ConverseEvent } from '../../lambda/canonical/types.ts';

/**
 * The events of an answer with those of several blocks mixed: each block keeps its own order. `order`: which of the
 * blocks that are not over comes next, as often as it takes.
 */
export function mixed(events: readonly ConverseEvent[], order: readonly number[]): ConverseEvent[] {
  const blocks = new Map<number, ConverseEvent[]>();
  const outside: ConverseEvent[] = [];
  for (const event of events) {
    const index = indexOf(event);
    if (index === undefined) outside.push(event);
    else blocks.set(index, [...(blocks.get(index) ?? []), event]);
  }
  const queues = [...blocks.values()];
  const inside: ConverseEvent[] = [];
  for (let i = 0; queues.some((queue) => queue.length > 0); i += 1) {
    const left = queues.filter((queue) => queue.length > 0);
    inside.push(left[(order[i % order.length] ?? 0) % left.length]!.shift()!);
  }
  return [outside[0]!, ...inside, ...outside.slice(1)];
}

function indexOf(event: ConverseEvent): number | undefined {
  const [value] = Object.values(event) as { contentBlockIndex?: number }[];
  return value?.contentBlockIndex;
}
