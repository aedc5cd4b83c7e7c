import { CallBudget } from '../bounds.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseAnswer, ConverseEvent } from '../canonical/types.ts';
import type { Plan } from '../engine/plan.ts';
import type { Engine, Outcome, RequestContext } from '../engine/types.ts';
import { GatewayError } from '../errors.ts';
import { withDeadline, within } from '../policy/deadline.ts';
import { map, type StreamEnd } from '../streams/map.ts';
import { Account } from './account.ts';
import { Budget, type Share, type Stop } from './budget.ts';
import { collect } from './collect.ts';
import { Slots } from './slots.ts';
import { Stopped } from './stopped.ts';
import type { Services, StreamedTold, Wants } from './types.ts';

export interface RunOptions {
  /** The client's request, as it is to be answered. */
  client: CanonicalRequest;
  engine: Engine;
  context: RequestContext;
  plan: Plan;
  /** For the models of roles, by their names. */
  plans: ReadonlyMap<string, Plan>;
  /** By step or role. */
  models: ReadonlyMap<string, readonly string[]>;
  /** The expression that runs, in its canonical form. */
  technique: string;
  maxCalls: number;
  maxOutputTokens: number | undefined;
  /** Inner calls under way at once. */
  concurrency: number;
  /** The client streams. */
  streaming: boolean;
  /** Epoch milliseconds. */
  now: () => number;
  /** 0 ≤ x < 1. */
  random: () => number;
  wants: Wants;
  services: Services;
  /** Set where prompts and answers may be logged. */
  log: ((message: string, facts: Record<string, unknown>) => void) | undefined;
  /** Called with the outcome of each call that answers, or has begun to. `isMain`: its model is the one asked for. */
  onBegun: (outcome: Outcome, isMain: boolean) => void;
  onProgress: (text: string) => void;
}

/** One inner call on its way. */
export interface Sending {
  /** `<technique>/<role>`. */
  step: string;
  request: CanonicalRequest;
  share: Share;
  isAnswer: boolean;
  /** Aborted when nobody waits for the call any more, before or after the client has gone. */
  signal: AbortSignal;
}

interface Begun {
  context: RequestContext;
  plan: Plan;
  isMain: boolean;
  /** To be called once, when the call has ended: returns the error to show for the one that it ended with. */
  end(error?: unknown): unknown;
}

/** Milliseconds that are kept for the answer, and the share of the time that this is at most. */
const answerMs = 60_000;
const answerShare = 0.4;

/**
 * The inner calls of one request: all that they share, whichever stage makes them. Each goes through the engine with
 * the caller's own context, so that scope, guardrail, fallback, retries and accounting hold as for any call.
 */
export class Run {
  readonly options: RunOptions;
  readonly account: Account;
  readonly budget: Budget;
  readonly #slots: Slots;
  readonly #calls: CallBudget;
  /** Epoch milliseconds by which what is not the answer must be done. */
  readonly #soft: number;
  readonly #turns = new Map<string, number>();

  constructor(options: RunOptions) {
    const { technique, context, maxCalls, maxOutputTokens, concurrency, now } = options;
    const arrival = now();
    const { deadline } = context.lifetime;
    this.options = options;
    this.account = new Account(technique, context.trace);
    this.budget = new Budget(maxCalls, maxOutputTokens);
    this.#slots = new Slots(concurrency);
    // Each inner call has the retries of any call.
    this.#calls = new CallBudget(Math.max(context.calls.calls, 3 * maxCalls));
    this.#soft = deadline - Math.min(answerMs, answerShare * Math.max(0, deadline - arrival));
  }

  async whole(sending: Sending): Promise<{ outcome: Outcome; answer: ConverseAnswer }> {
    const { engine, streaming, onBegun } = this.options;
    const begun = await this.#begin(sending);
    const { context, plan, isMain } = begun;
    const request = { canonical: () => sending.request };
    try {
      // A client that streams gets the head of its stream with the first event of any call.
      const { answer, events, ...outcome } = streaming
        ? { answer: undefined, ...(await engine.stream(request, plan, context)) }
        : { events: undefined, ...(await engine.answer(request, plan, context)) };
      onBegun(outcome, isMain);
      const whole = answer ?? (events && (await collect(events)));
      if (!whole) throw new Error('unreachable: it was asked for in the canonical shape');
      begun.end();
      this.#log(sending, { answer: whole.output.message });
      return { outcome, answer: whole };
    } catch (error) {
      throw begun.end(error);
    }
  }

  async stream(sending: Sending): Promise<StreamedTold> {
    const { engine, onBegun } = this.options;
    const begun = await this.#begin(sending);
    const { context, plan, isMain } = begun;
    try {
      const {
        events,
        native: _,
        ...outcome
      } = await engine.stream({ canonical: () => sending.request }, plan, context);
      if (!events) throw new Error('unreachable: it was asked for in the canonical shape');
      onBegun(outcome, isMain);
      const noted = (batch: ConverseEvent[]) => {
        this.#log(sending, { events: batch });
        return batch;
      };
      const done = (end: StreamEnd) => {
        if (end.complete) begun.end();
        else begun.end('error' in end ? end.error : left);
      };
      return { outcome, events: map(events, noted, done) };
    } catch (error) {
      throw begun.end(error);
    }
  }

  /** Work beside the calls, which ends when what is not the answer must be done; or with the request's own time. */
  async inTime<T>(work: (signal: AbortSignal) => Promise<T>, isForAnswer = false): Promise<T> {
    const { context, now } = this.options;
    const { signal, deadline: end } = context.lifetime;
    const deadline = withDeadline(signal, isForAnswer ? end : this.#soft, now);
    try {
      return await within(deadline.signal, work(deadline.signal));
    } catch (error) {
      // What of it goes on is for nothing.
      deadline.abort(error);
      throw this.#ended(error, isForAnswer);
    } finally {
      deadline.clear();
    }
  }

  /** Waits for a slot; throws where nothing may begin any more. */
  async #begin(sending: Sending): Promise<Begun> {
    const { step, share, isAnswer, signal } = sending;
    const { context } = this.options;
    const giveBack = await this.#slots.take();
    try {
      signal.throwIfAborted();
      const isLate = !isAnswer && this.options.now() >= this.#soft;
      const stop = isLate ? 'time' : this.budget.take(share, isAnswer);
      if (stop) throw this.#stopped(stop);
    } catch (error) {
      giveBack();
      throw error;
    }
    const call = this.account.begin(step);
    this.#log(sending, { request: sending.request.converse });
    const deadline = isAnswer ? context.lifetime.deadline : this.#soft;
    const lifetime = { ...context.lifetime, deadline, signal };
    const { plan, isMain } = this.#planOf(step);
    let isOpen = true;
    return {
      plan,
      isMain,
      context: { ...context, trace: call.trace, calls: this.#calls, lifetime },
      end: (error) => {
        if (!isOpen) return error;
        isOpen = false;
        giveBack();
        for (const { tokens } of call.trace.allCalls()) this.budget.wrote(tokens?.output ?? 0);
        if (error === undefined) return undefined;
        this.account.fail(call);
        return this.#ended(error, isAnswer);
      },
    };
  }

  #ended(error: unknown, isAnswer: boolean): unknown {
    if (!(error instanceof GatewayError)) return error;
    if (error.reason === 'throttled') this.#slots.halve();
    return error.reason === 'deadline' && !isAnswer ? this.#stopped('time') : error;
  }

  #stopped(stop: Stop): Stopped {
    this.account.stop(stop);
    return new Stopped(stop);
  }

  /** The model of a step, of its role, or the one that was asked for; of several each in its turn. */
  #planOf(step: string): { plan: Plan; isMain: boolean } {
    const { plan, plans, models } = this.options;
    const key = [step, step.slice(step.indexOf('/') + 1)].find((each) => models.has(each));
    const names = key === undefined ? [] : (models.get(key) ?? []);
    const turn = this.#turns.get(key ?? '') ?? 0;
    this.#turns.set(key ?? '', turn + 1);
    const own = plans.get(names[turn % names.length] ?? '');
    return own ? { plan: own, isMain: false } : { plan, isMain: true };
  }

  #log({ step }: Sending, facts: Record<string, unknown>): void {
    const { log, context } = this.options;
    log?.('inner call', { requestId: context.requestId, step, ...facts });
  }
}

const left = new GatewayError({ status: 499, reason: 'aborted', message: 'The stream was left.' });
