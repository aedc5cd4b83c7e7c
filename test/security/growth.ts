import { Session } from 'node:inspector/promises';

/** What became of one hostile request. */
export interface Growth {
  name: string;
  /** Steps at one size, and at twice that. */
  steps: [number, number];
  /** What became of a request of megabytes: the bytes it has, the bytes that would be sent, or the error. */
  large: { bytes: number } & Outcome;
}

/** The bytes that a request would be sent as, or the status of its refusal. */
export interface Outcome {
  sent?: number;
  status?: number;
}

/** Items of a request whose steps are counted, and bytes of a large one. */
export interface Sizes {
  size: number;
  largeBytes: number;
}

/** Twice the size may cost a little more than twice the steps. */
export const isTooSteep = ([once, twice]: Growth['steps']): boolean => twice > 2.4 * once;

/**
 * Prints one line of JSON for each request: what it becomes, and in how many steps, which are the blocks of the gateway's
 * own code that V8 counts while `send` reads and fits it. For a process of its own, because the counts are the whole
 * process's, and so that it can be ended.
 */
export async function printGrowth(
  requests: Readonly<Record<string, (n: number) => object>>,
  send: (text: string) => Outcome,
  { size, largeBytes }: Sizes = { size: 1000, largeBytes: 300_000 },
): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const stepsOf = async (body: string): Promise<number> => {
    await session.post('Profiler.takePreciseCoverage');
    send(body);
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const own = result.filter(({ url }) => url.includes('/lambda/'));
    const ranges = own.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
    return ranges.reduce((sum, { count }) => sum + count, 0);
  };
  for (const [name, make] of Object.entries(requests)) {
    const [once, twice] = [JSON.stringify(make(size)), JSON.stringify(make(2 * size))];
    send(once);
    const steps: [number, number] = [await stepsOf(once), await stepsOf(twice)];
    // V8 may lose counts of a function that it has just optimised, and a module that is loaded meanwhile adds its own:
    // what grows too fast does so each time.
    for (let again = 0; again < 4 && isTooSteep(steps); again += 1) {
      steps[0] = Math.max(steps[0], await stepsOf(once));
      steps[1] = Math.min(steps[1], await stepsOf(twice));
    }
    const perItem = (twice.length - once.length) / size;
    const large = JSON.stringify(make(Math.ceil(largeBytes / perItem)));
    const growth: Growth = { name, steps, large: { bytes: large.length, ...send(large) } };
    process.stdout.write(`${JSON.stringify(growth)}\n`);
  }
  session.disconnect();
}
