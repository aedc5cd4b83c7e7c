import { isFiltered } from '../canonical/stop-reason.ts';
import type { ConverseAnswer, ConverseEvent } from '../canonical/types.ts';
import { GatewayError } from '../errors.ts';
import { map } from '../streams/map.ts';
import type { Share, Stop } from './budget.ts';
import { textOf } from './conversation.ts';
import { innerRequest } from './inner-request.ts';
import type { Run, Sending } from './run.ts';
import { isFinal, Stopped, worstOf } from './stopped.ts';
import type { AllOptions, Calls, Conversation, InnerCall, Reply, Told, Wrapper } from './types.ts';

export interface StageOptions {
  /** The name before the role in its steps; absent: the plain call, which carries no marks. */
  technique: string | undefined;
  conversation: Conversation;
  share: Share;
  /** Those that stand before it, the outermost first. */
  wrappers: readonly Wrapper[];
  /** Its answer goes to the client as it is written. */
  streams: boolean;
}

/** The calls of one stage of an expression. */
export class StageCalls implements Calls {
  readonly #run: Run;
  readonly #stage: StageOptions;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #open = new Set<Promise<unknown>>();

  constructor(run: Run, stage: StageOptions) {
    this.#run = run;
    this.#stage = stage;
    this.#signal = AbortSignal.any([run.options.context.lifetime.signal, this.#over.signal]);
  }

  /** The stage has come to its end: nobody waits for calls that are still under way. Resolves when they have ended. */
  async end(): Promise<void> {
    if (this.#open.size === 0) return;
    this.#over.abort(notWanted);
    await Promise.allSettled(this.#open);
  }

  inTime<T>(work: (signal: AbortSignal) => Promise<T>, isForAnswer?: boolean): Promise<T> {
    return this.#run.inTime(work, isForAnswer);
  }

  get wants() {
    return this.#run.options.wants;
  }

  get services() {
    return this.#run.options.services;
  }

  random(): number {
    return this.#run.options.random();
  }

  warn(text: string): void {
    this.#run.account.warn(`${this.#name}: ${text}`);
  }

  progress(text: string): void {
    this.#run.options.onProgress(`${this.#name}: ${text}`);
  }

  stop(what: Stop): void {
    this.#run.account.stop(what);
  }

  keepAnswer(): void {
    this.#stage.share.answer = true;
  }

  left(): number {
    return this.#run.budget.left(this.#stage.share);
  }

  async one(call: InnerCall): Promise<Reply> {
    const { outcome, answer } = await this.#whole(call);
    const text = textOf(answer);
    const usable = text.trim() !== '' && !isFiltered(answer.stopReason);
    return { outcome, answer, text, cutOff: isCutOff(answer), usable };
  }

  async all(
    calls: readonly InnerCall[],
    { each, what = `${calls[0]?.role} calls` }: AllOptions = {},
  ): Promise<(Reply | undefined)[]> {
    const errors: unknown[] = [];
    let done = 0;
    const replies = await Promise.all(
      calls.map(async (call) => {
        try {
          const reply = await this.one(call);
          done += 1;
          if (calls.length > 1) this.progress(`${call.role} ${done} of ${calls.length}`);
          each?.(reply);
          return reply;
        } catch (error) {
          errors.push(error);
          return undefined;
        }
      }),
    );
    if (errors.some(isFinal) || (errors.length > 0 && errors.length === calls.length)) throw worstOf(errors);
    if (errors.length > 0) {
      const reasons = [...new Set(errors.map(reasonOf))].join(', ');
      this.warn(`${errors.length} of ${calls.length} ${what} came to nothing (${reasons})`);
    }
    return replies;
  }

  async attempt(call: InnerCall, what: string): Promise<Reply | undefined> {
    try {
      const reply = await this.one(call);
      this.progress(call.role);
      if (reply.usable) return reply;
      this.warn(`${what} is missing: it came without text`);
    } catch (error) {
      if (isFinal(error)) throw error;
      this.warn(`${what} is missing (${reasonOf(error)})`);
    }
    return undefined;
  }

  async answer(call: InnerCall): Promise<Told> {
    if (!this.#stage.streams) return this.#whole(call);
    const { signal } = this.#run.options.context.lifetime;
    const { outcome, events } = await this.#run.stream({ ...(await this.#sending(call)), signal });
    const restores = this.#stage.wrappers.map((wrapper) => wrapper.events(call));
    const restore = (batch: ConverseEvent[]) => restores.reduce((each, next) => next(each), batch);
    return { outcome, events: restores.length > 0 ? map(events, restore) : events };
  }

  get #name(): string {
    return this.#stage.technique ?? 'none';
  }

  async #whole(call: InnerCall) {
    const work = this.#sending(call).then((sending) => this.#run.whole(sending));
    this.#open.add(work);
    const { outcome, answer } = await work.finally(() => this.#open.delete(work));
    const incoming = (each: ConverseAnswer, wrapper: Wrapper) => wrapper.incoming(each, call);
    return { outcome, answer: this.#stage.wrappers.reduce(incoming, answer) };
  }

  /** What goes out passes the wrappers from the innermost to the outermost, what comes in the other way. */
  async #sending(call: InnerCall): Promise<Sending> {
    const { technique, share, wrappers, conversation } = this.#stage;
    const { client, context } = this.#run.options;
    const step = `${this.#name}/${call.role}`;
    const marks = technique === undefined ? undefined : { step, requestId: context.requestId };
    let request = innerRequest(client, { system: conversation.system, ...call }, marks);
    for (const wrapper of wrappers.toReversed()) {
      const outgoing = wrapper.outgoing(request, call);
      // A turn of the loop less where nobody has to be asked.
      request = outgoing instanceof Promise ? await outgoing : outgoing;
    }
    return {
      step,
      share,
      isAnswer: call.class === 'answer',
      signal: this.#signal,
      request,
    };
  }
}

const notWanted = new GatewayError({
  status: 499,
  reason: 'aborted',
  message: 'The stage that made the call has come to its end.',
});

const cutOffReasons: ReadonlySet<string> = new Set(['max_tokens', 'model_context_window_exceeded']);
export const isCutOff = ({ stopReason }: Pick<ConverseAnswer, 'stopReason'>): boolean =>
  cutOffReasons.has(stopReason);

/** A failure in a word: nothing of its text may reach a prompt or a header. */
function reasonOf(error: unknown): string {
  if (error instanceof Stopped) return error.stop === 'time' ? 'no time left' : `no ${error.stop} left`;
  return error instanceof GatewayError ? error.reason : 'internal';
}
