import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import type { ConverseAnswer, ConverseEvent } from '../../lambda/canonical/types.ts';
import { unfold } from '../../lambda/canonical/unfold.ts';
import type { Engine, ModelRequest, RequestContext } from '../../lambda/engine/types.ts';
import { GatewayError, type Reason } from '../../lambda/errors.ts';
import { map } from '../../lambda/streams/map.ts';
import { sourceOf } from './sources.ts';

/** What a scripted model says: a text, one that was cut off or withheld, or a failure. */
export type Said =
  | string
  | { text: string; stop?: string }
  | { error: Reason; status?: number }
  | { breaks: string };

/** The first rule whose step fits, whose texts the request holds, and whose turn it is. */
export interface Rule {
  step: string;
  /** Counted from 0 among the calls of the step. */
  nth?: number;
  has?: string;
  say: Said;
}

/** One call as it reached the engine. */
export interface SeenCall {
  step: string;
  request: CanonicalRequest;
  signal: AbortSignal;
}

export interface ScriptedEngine {
  engine: Engine;
  calls: SeenCall[];
  /** Calls that have begun and not ended. */
  open(): number;
  /** Tokens of all that was said, each answer having 7 in and 10 out. */
  said(): { input: number; output: number };
}

/** An engine whose model answers by the step of an inner call. `choose` says what to a call; it may take its time. */
export function scriptedEngine(
  choose: (call: SeenCall, nth: number) => Said | Promise<Said>,
): ScriptedEngine {
  const calls: SeenCall[] = [];
  const counts = new Map<string, number>();
  const said = { input: 0, output: 0 };
  let open = 0;
  const begin = async (request: ModelRequest, context: RequestContext) => {
    const canonical = request.canonical();
    const step = canonical.converse.requestMetadata?.['optimisation-step'] ?? 'none/answer';
    const nth = counts.get(step) ?? 0;
    counts.set(step, nth + 1);
    const call = { step, request: canonical, signal: context.lifetime.signal };
    calls.push(call);
    open += 1;
    const entry = context.trace.begin({
      modelId: 'm',
      region: 'us-east-1',
      repeated: false,
      startedAt: calls.length,
    });
    let isOpen = true;
    const end = (result: string) => {
      if (!isOpen) return;
      isOpen = false;
      open -= 1;
      if (result === 'ok') {
        entry.tokens = { input: 7, output: 10, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
        said.input += 7;
        said.output += 10;
      }
      context.trace.end(entry, result, calls.length);
    };
    let what: Said;
    try {
      what = await choose(call, nth);
    } catch (error) {
      end('internal');
      throw error;
    }
    if (typeof what === 'object' && 'error' in what) {
      end(what.error);
      throw failure(what.error, what.status);
    }
    return { what, end };
  };
  const outcome = { model: 'm', modelId: 'm', steps: [], warnings: [], ignored: [] };
  return {
    calls,
    open: () => open,
    said: () => said,
    engine: {
      permit: async () => ({ steps: [], refused: [] }),
      async answer(request, _plan, context) {
        const { what, end } = await begin(request, context);
        if (typeof what === 'object' && 'breaks' in what) {
          end('model_error');
          throw failure('model_error');
        }
        end('ok');
        return { ...outcome, answer: answerOf(what) };
      },
      async stream(request, _plan, context) {
        const { what, end } = await begin(request, context);
        const breaks = typeof what === 'object' && 'breaks' in what;
        const events = unfold(answerOf(breaks ? what.breaks : what)).map((event) => [event]);
        const source = sourceOf<ConverseEvent[]>(breaks ? brokenOff(events) : events);
        const noted = map(
          source,
          (batch) => batch,
          ({ complete }) => end(complete ? 'ok' : 'left'),
        );
        // The real meter has the tokens with the event that says them.
        return { ...outcome, events: map(noted, (batch) => noteEnd(batch, end)) };
      },
    },
  };
}

function noteEnd(batch: ConverseEvent[], end: (result: string) => void): ConverseEvent[] {
  if (batch.some((event) => 'metadata' in event)) end('ok');
  return batch;
}

async function* brokenOff(events: ConverseEvent[][]): AsyncGenerator<ConverseEvent[]> {
  yield* events.slice(0, 2);
  throw failure('model_error');
}

export function answerOf(said: string | { text: string; stop?: string }): ConverseAnswer {
  const { text, stop = 'end_turn' } = typeof said === 'string' ? { text: said } : said;
  return {
    output: { message: { role: 'assistant', content: text === '' ? [] : [{ text }] } },
    stopReason: stop,
    usage: { inputTokens: 7, outputTokens: 10, totalTokens: 17 },
  };
}

const statuses: Partial<Record<Reason, number>> = { throttled: 429, model_error: 500, deadline: 504 };

export const failure = (reason: Reason, status = statuses[reason] ?? 400): GatewayError =>
  new GatewayError({ status, reason, message: 'BEDROCK-SAID-NO' });

/** By rules, as golden files write them. */
export const byRules =
  (rules: readonly Rule[]) =>
  ({ step, request }: SeenCall, nth: number): Said => {
    const text = JSON.stringify(request.converse);
    const rule = rules.find(
      (each) => each.step === step && (each.nth ?? nth) === nth && text.includes(each.has ?? ''),
    );
    if (!rule) throw new Error(`no rule for ${step}, call ${nth}`);
    return rule.say;
  };
