import type { Child } from '../child.ts';
import { type Api, chats, type Server } from '../client.ts';
import { median } from '../statistics.ts';

/** A way of asking for streams, and how much of it makes a round. */
export interface Load {
  name: string;
  prompt: string;
  /** Text events of one stream. */
  events: number;
  streams: number;
  clients: number;
  /** What `cost` counts: each event, or each stream. */
  per: 'event' | 'stream';
  api: Api;
}

const paced = { prompt: 'paced 500', events: 500, streams: 12, clients: 12, per: 'event' } as const;
const burst = { prompt: 'burst 500', events: 500, streams: 160, clients: 4, per: 'stream' } as const;
const one = { prompt: 'burst 1', events: 1, streams: 200, clients: 1, per: 'stream' } as const;

export const loads: readonly Load[] = [
  { name: 'paced', ...paced, api: 'chat' },
  { name: 'burst', ...burst, api: 'chat' },
  { name: 'one event', ...one, api: 'chat' },
  { name: 'messages, native, paced', ...paced, api: 'messages' },
  { name: 'messages, native, burst', ...burst, api: 'messages' },
  { name: 'messages, Converse, paced', ...paced, api: 'messages by converse' },
  { name: 'messages, Converse, burst', ...burst, api: 'messages by converse' },
  { name: 'responses, native, paced', ...paced, api: 'responses' },
  { name: 'responses, native, burst', ...burst, api: 'responses' },
];

/** What one round cost. */
export interface Round {
  /** Microseconds of CPU for what the load counts; undefined where they cannot be known. */
  cpu?: number;
  /** Milliseconds, as a client sees them. */
  firstByte: number;
  total: number;
}

/** The medians of several rounds. */
export interface Cost extends Round {
  rounds: number;
  /** The median of what each round cost, divided by what the floor cost right before it: machines have moods. */
  timesFloor?: number;
}

/** One round of a load on one server. */
export async function round(
  { prompt, events, streams, clients, per, api }: Load,
  server: Server & Child,
): Promise<Round> {
  const before = await server.used('cpu');
  const timings = await chats({ ...server, api }, prompt, streams, clients);
  const after = await server.used('cpu');
  const units = per === 'event' ? streams * events : streams;
  return {
    ...(before !== undefined && after !== undefined && { cpu: (after - before) / units }),
    firstByte: median(timings.map(({ firstByte }) => firstByte)),
    total: median(timings.map(({ total }) => total)),
  };
}

/** The medians of several rounds, of which each came right after one of the floor's. */
export function typical(costs: readonly Round[], floor: readonly Round[]): Cost {
  const cpu = costs.flatMap((cost) => cost.cpu ?? []);
  const timesFloor = cpu.map((each, nth) => each / (floor[nth]?.cpu ?? Number.NaN));
  return {
    rounds: costs.length,
    ...(cpu.length > 0 && { cpu: median(cpu), timesFloor: median(timesFloor) }),
    firstByte: median(costs.map(({ firstByte }) => firstByte)),
    total: median(costs.map(({ total }) => total)),
  };
}
