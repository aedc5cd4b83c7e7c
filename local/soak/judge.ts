export interface GatewayFigures {
  rss: number;
  heapUsed: number;
  external: number;
  sockets: number;
  timers: number;
}
export interface SimulatorFigures {
  connections: number;
  running: number;
}
export type Sample = GatewayFigures & SimulatorFigures & { seconds: number };

const megabyte = 1024 * 1024;

/** Bytes that the heap after garbage collection may differ from itself by: caches, compiled code. */
const noise = 8 * megabyte;

/** The heap at the end against the heap once warm, both as the median of a third of the samples after warm-up. */
export function heapGrowth(samples: readonly Sample[]): number {
  const warm = samples.slice(Math.floor(samples.length / 4));
  const third = Math.max(1, Math.floor(warm.length / 3));
  return median(warm.slice(-third)) - median(warm.slice(0, third));
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ heapUsed }) => heapUsed).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export interface Verdict {
  samples: readonly Sample[];
  /** When all streams had ended. */
  idle: Sample;
  streams: number;
  wrong: readonly string[];
  falseSuccesses: number;
  deaths: number;
}

/** What is not as it should be; empty: all is well. */
export function complaints({ samples, idle, streams, wrong, falseSuccesses, deaths }: Verdict): string[] {
  const growth = heapGrowth(samples);
  return [
    ...wrong.slice(0, 10),
    ...(falseSuccesses > 0 ? [`${falseSuccesses} failures were told as successes`] : []),
    ...(growth > noise ? [`the heap has grown by ${inMegabytes(growth)}`] : []),
    ...(idle.running > 0 ? [`${idle.running} calls to Bedrock go on without a client`] : []),
    // A pool of idle connections is no leak; one that outgrows the streams is.
    ...(idle.connections > streams
      ? [`${idle.connections} connections to Bedrock for ${streams} streams`]
      : []),
    ...(deaths > 0 ? [`${deaths} processes have ended by themselves`] : []),
  ];
}

export const inMegabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`;
