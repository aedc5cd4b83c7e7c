import { describe, expect, test } from 'vitest';
import type { ConverseEvent, JsonObject } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { type TechniqueName, techniqueNames } from '../../../lambda/settings/techniques.ts';
import { merge } from '../../../lambda/streams/merge.ts';
import type { Source } from '../../../lambda/streams/source.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { type OptimiseOptions, optimise, optimiseStream } from '../../../lambda/techniques/optimise.ts';
import { requestContext } from '../../support/context.ts';
import { farthest, stubbornServices } from '../../support/farthest.ts';
import { type Asking, optimising } from '../../support/optimising.ts';
import { failure, type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';
import { itemsOf } from '../../support/sources.ts';

/**
 * What may happen while a technique is at work, at each of its calls, for a client that waits and for one that streams:
 * nothing is left running, and nothing that failed is told as a success.
 */

const text = `${'A long text to be read in parts. '.repeat(60)}\n\nSee https://pages.example/a. What is six times seven?`;
const converse = { messages: [{ role: 'user' as const, content: [{ text: text.repeat(4) }] }] };
const params = { memory: { above: 1, chunk: 1000 } };
const deadline = 100_000;

interface Ending {
  /** What came to the client as a text that is complete; undefined: an error. */
  text: string | undefined;
  account: JsonObject | undefined;
  error: unknown;
  calls: SeenCall[];
  /** Calls that had begun when the event struck. */
  begunBefore: number;
  open: number;
}

interface Strike {
  /** What the call says in which it strikes, and each after it. */
  say?: (call: SeenCall, isFirst: boolean) => Said | undefined;
  asked?: Record<string, unknown>;
}

interface World {
  leave: () => void;
  /** Nothing is left of the time. */
  expire: () => void;
}

type Event = (at: number, world: World) => Strike;

/** Runs a technique in which the event strikes with the call `at`, counted from 0. */
async function play(name: TechniqueName, streams: boolean, at: number, event: Event): Promise<Ending> {
  const client = new AbortController();
  let now = 0;
  const world = {
    leave: () => client.abort(failure('aborted', 499)),
    expire: () => {
      now = deadline;
    },
  };
  const strike = event(at, world);
  let begunBefore = 0;
  const scripted = scriptedEngine(async (call, nth) => {
    const index = scripted.calls.indexOf(call);
    // What is asked at once is under way at once.
    await new Promise(setImmediate);
    if (index === at) begunBefore = scripted.calls.length;
    const struck = index >= at ? strike.say?.(call, index === at) : undefined;
    if (call.signal.aborted) return { error: 'aborted', status: 499 };
    return struck ?? farthest(name)(call, nth);
  });
  const asking: Asking = {
    optimisation: { technique: name, params, ...strike.asked },
    converse,
    services: stubbornServices,
    env: { OPTIMISATION_MAX_CALLS: '60' },
    context: requestContext({ deadline, signal: client.signal }),
    now: () => now,
  };
  const options = await optimising(asking, scripted);
  const told = await (streams ? streamed(options, client.signal) : whole(options)).catch(
    (error: unknown) => ({ error }),
  );
  // What was left behind may take a turn to end.
  for (let i = 0; i < 3; i += 1) await new Promise(setImmediate);
  const nothing = { text: undefined, account: undefined, error: undefined };
  return { ...nothing, ...told, calls: scripted.calls, begunBefore, open: scripted.open() };
}

async function whole(options: OptimiseOptions): Promise<Partial<Ending>> {
  const { answers } = await optimise(options);
  return { text: answers.map(textOf).join(''), account: answers[0]?.optimisation };
}

/** A stream whose client has gone is left, as the HTTP server leaves it. */
async function streamed(options: OptimiseOptions, client: AbortSignal): Promise<Partial<Ending>> {
  const { choices, progress } = await optimiseStream(options, true);
  const lines: Source<ConverseEvent[] | string>[] = [...choices, progress];
  const merged = merge(lines);
  const items = itemsOf(merged);
  const gone = new Promise<never>((_, reject) => {
    client.addEventListener('abort', () => {
      merged.cancel();
      reject(client.reason);
    });
  });
  let said = '';
  let stops = 0;
  let account: JsonObject | undefined;
  for (
    let next = await Promise.race([items.next(), gone]);
    !next.done;
    next = await Promise.race([items.next(), gone])
  ) {
    for (const event of typeof next.value === 'string' ? [] : next.value) {
      if ('contentBlockDelta' in event && 'text' in event.contentBlockDelta.delta)
        said += event.contentBlockDelta.delta.text;
      if ('messageStop' in event) {
        stops += 1;
        account = event.messageStop.optimisation ?? account;
      }
    }
  }
  expect(stops).toBe(1);
  return { text: said, account };
}

const isAnswer = ({ step }: SeenCall) => step.endsWith('/answer');

/** A complete text and an account, or an error of one of these statuses and no text. */
function checkEnding(ending: Ending, statuses: readonly number[]): void {
  const { text: said, account, error, open } = ending;
  expect(open).toBe(0);
  if (error === undefined) {
    expect(said?.trim()).toBeTruthy();
    expect(said).not.toContain('BEDROCK-SAID-NO');
    expect(account?.calls).toBe(ending.calls.length);
    return;
  }
  if (!(error instanceof GatewayError)) throw error;
  expect(statuses).toContain(error.status);
  expect(said).toBeUndefined();
}

/** Each technique with each of its calls, of which there are as many as it makes when nothing happens. */
const counts = new Map<TechniqueName, number>();
async function callsOf(name: TechniqueName): Promise<number> {
  const known = counts.get(name);
  if (known !== undefined) return known;
  const { calls, text: said } = await play(name, false, 1000, () => ({}));
  expect(said?.trim()).toBeTruthy();
  counts.set(name, calls.length);
  return calls.length;
}

const forms = techniqueNames.flatMap((name) => [
  { name, form: 'whole', streams: false },
  { name, form: 'streamed', streams: true },
]);

async function atEachCall(
  { name, streams }: (typeof forms)[number],
  event: Event,
  check: (ending: Ending, at: number) => void,
): Promise<void> {
  const count = await callsOf(name);
  expect(count).toBeGreaterThan(0);
  for (let at = 0; at < count; at += 1) check(await play(name, streams, at, event), at);
}

describe('the client leaves', () => {
  test.each(forms)('$name, $form: nothing begins after it, and nothing is answered', async (form) => {
    const leaves: Event = (_, { leave }) => ({
      say: (__, isFirst) => {
        if (isFirst) leave();
        return undefined;
      },
    });
    await atEachCall(form, leaves, ({ error, text: said, calls, begunBefore, open }) => {
      expect({ said, open, reason: (error as GatewayError).reason }).toEqual({
        said: undefined,
        open: 0,
        reason: 'aborted',
      });
      expect(calls.length).toBe(begunBefore);
    });
  });
});

describe('the time runs out', () => {
  test.each(forms)('$name, $form: what is there is told as far as it goes, or 504', async (form) => {
    const runsOut: Event = (_, { expire }) => ({
      say: () => {
        expire();
        return { error: 'deadline' };
      },
    });
    await atEachCall(form, runsOut, (ending) => {
      checkEnding(ending, [504]);
      if (ending.error === undefined) expect(ending.account?.stopped).toBe('time');
      // The answer is tried as long as there is any time at all, and by nobody else.
      const late = ending.calls.slice(ending.begunBefore).filter((call) => !isAnswer(call));
      expect(late).toEqual([]);
    });
  });
});

describe('the budget ends', () => {
  test.each(forms)('$name, $form: at any number of calls that is not refused before', async (form) => {
    const ends: Event = (at) => ({ asked: { max_calls: at + 1 } });
    const count = await callsOf(form.name);
    for (let at = 0; at < count; at += 1) {
      const ending = await play(form.name, form.streams, at, ends).catch((error: unknown) => error);
      if (ending instanceof GatewayError) {
        expect(ending).toMatchObject({ status: 400, code: 'optimisation_budget_exceeded' });
        continue;
      }
      // The program was written with the only call, and nobody is left to say what came of it.
      const isStranded = form.name === 'executecode' && at === 0;
      checkEnding(ending as Ending, isStranded ? [429] : []);
      if (isStranded) expect(ending).toMatchObject({ error: { code: 'optimisation_budget_exhausted' } });
      const { calls, account } = ending as Ending;
      expect(calls.length).toBeLessThanOrEqual(at + 1);
      if (at + 1 < count && !isStranded) expect([account?.stopped, form.name]).toEqual(['calls', form.name]);
    }
  });

  test.each(forms)('$name, $form: at any number of tokens', async (form) => {
    // Each answer has 10.
    const ends: Event = (at) => ({ asked: { max_output_tokens: 10 * at + 1 } });
    await atEachCall(form, ends, (ending) => {
      checkEnding(ending, [429]);
      if (ending.error) expect(ending.error).toMatchObject({ code: 'optimisation_budget_exhausted' });
    });
  });
});

describe('Bedrock throttles', () => {
  test.each(forms)('$name, $form: one call is missing, or its refusal is the answer', async (form) => {
    const once: Event = () => ({ say: (_, isFirst) => (isFirst ? { error: 'throttled' } : undefined) });
    await atEachCall(form, once, (ending, at) => {
      checkEnding(ending, [429]);
      const { error, account, calls } = ending;
      const struck = calls[at];
      if (error === undefined) expect(account?.failed).toBeGreaterThan(0);
      // A quiet substitute for the answer would hide it.
      if (struck && isAnswer(struck)) expect(error).toBeDefined();
    });
  });

  test.each(forms)('$name, $form: all calls from one on', async (form) => {
    const always: Event = () => ({ say: () => ({ error: 'throttled' }) });
    await atEachCall(form, always, (ending, at) => {
      checkEnding(ending, [429]);
      if (at === 0) expect(ending.error).toMatchObject({ status: 429 });
    });
  });

  test.each(forms)(
    '$name, $form: a stream that breaks off in the middle is a failure like any other',
    async (form) => {
      const breaks: Event = () => ({ say: (_, isFirst) => (isFirst ? { breaks: 'half of ' } : undefined) });
      await atEachCall(form, breaks, (ending, at) => {
        checkEnding(ending, [500, 502]);
        const struck = ending.calls[at];
        if (struck && isAnswer(struck)) expect(ending.error).toBeDefined();
      });
    },
  );
});

test('every technique is tried, with several calls where it makes several', async () => {
  const alone = ['re2', 'cot_reflection', 'privacy', 'readurls'];
  for (const name of techniqueNames) {
    const count = await callsOf(name);
    if (alone.includes(name)) expect([name, count]).toEqual([name, 1]);
    else expect([name, count > 1]).toEqual([name, true]);
  }
});
