import type { Growth } from './measures/growth.ts';
import type { MemoryGrowth } from './measures/memory.ts';
import { type Cost, loads } from './measures/streams.ts';
import { type Goal, goalTable, machine, table } from './report.ts';

export interface Results {
  /** Each server had a processor core, and its clients and Bedrock another. */
  pinned: boolean;
  /** By load, then by server. */
  streams: Record<string, Record<string, Cost>>;
  /** By server. */
  memory: Record<string, MemoryGrowth>;
  growth: Growth[];
}

const ms = (value: number) => value.toFixed(2);
const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

/** What `npm run bench` prints: goals first, then what was measured. */
export function reportOf(results: Results): string {
  const goals = goalsOf(results);
  const where = `Machine: ${machine()}; ${results.pinned ? '' : 'not '}pinned`;
  const tables = [goalTable(goals), streamTable(results), growthTable(results), memoryTable(results)];
  return [where, ...tables].join('\n\n');
}

export function goalsOf({ streams, memory, growth }: Results): Goal[] {
  const [base, , longest] = growth;
  if (!base || !longest) throw new Error('unreachable: there are three lengths');
  const ratio = (load: string) => streams[load]?.gateway?.timesFloor ?? Number.NaN;
  const linear = (longest.translate + longest.write) / longest.times / (base.translate + base.write);
  const parse = (longest.translate + longest.write) / longest.parse;
  const { early = Number.NaN, late = Number.NaN } = memory.gateway ?? {};
  const atMost = (name: string, limit: number, value: number, unit = ''): Goal => ({
    name,
    goal: `≤ ${limit}${unit}`,
    measured: `${value.toFixed(2)}${unit}`,
    met: value <= limit,
  });
  return [
    atMost('CPU per paced event ÷ floor', 1.25, ratio('paced')),
    atMost('CPU per 500-event burst ÷ floor', 2.5, ratio('burst')),
    atMost('CPU per paced native event ÷ floor', 1.15, ratio('messages, native, paced')),
    atMost('time for a 100 × longer history ÷ 100 ÷ the 1 × time', 1, linear),
    atMost('translation and writing of the longest history ÷ JSON.parse of it', 3, parse),
    atMost('RSS after 10 000 streams − after 500', 10, (late - early) / 2 ** 20, ' MB'),
  ];
}

function streamTable({ streams }: Results): string {
  const rows = loads.flatMap(({ name, per }) =>
    Object.entries(streams[name] ?? {}).map(([server, { rounds, cpu, timesFloor, firstByte, total }]) => [
      `${name}: ${server}`,
      String(rounds),
      cpu === undefined ? '' : `${cpu.toFixed(1)} µs/${per}`,
      timesFloor === undefined ? '' : timesFloor.toFixed(2),
      ms(firstByte),
      ms(total),
    ]),
  );
  return table(['load', 'rounds', 'CPU', '÷ floor', 'first byte, ms', 'whole answer, ms'], rows);
}

function growthTable({ growth }: Results): string {
  const rows = growth.map(({ times, bytes, translate, write, parse }) => [
    `history × ${times}`,
    `${Math.round(bytes / 1000)} KB`,
    ms(parse),
    ms(translate),
    ms(write),
    (translate / parse).toFixed(2),
    ((translate + write) / parse).toFixed(2),
  ]);
  const head = ['', 'size', 'JSON.parse, ms', 'translation, ms', 'writing, ms'];
  const ratios = ['translation ÷ JSON.parse', 'with writing'];
  return table([...head, ...ratios], rows);
}

function memoryTable({ memory }: Results): string {
  const rows = Object.entries(memory).map(([server, { first, early, late }]) => [
    server,
    ...[first, early, late].map(megabytes),
  ]);
  const counts = ['500 streams, MB', '3000 to warm up and 500', '3000 to warm up and 10 000'];
  return table(['RSS after the first', ...counts], rows);
}
