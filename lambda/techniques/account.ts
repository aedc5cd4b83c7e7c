import { addTokens, noTokens, type TokenCounts } from '../accounting/tokens.ts';
import type { Trace, UpstreamCall } from '../accounting/trace.ts';
import type { JsonObject, Usage } from '../canonical/types.ts';
import type { Stop } from './budget.ts';

interface InnerCall {
  step: string;
  trace: Trace;
  failed: boolean;
}

/** Warnings that one request may have. */
const maxWarnings = 20;

/** What was done for one request: its inner calls by step, what they used, what ran out, what went wrong. */
export class Account {
  readonly warnings: string[] = [];
  stopped: Stop | undefined;
  readonly #technique: string;
  readonly #trace: Trace;
  readonly #calls: InnerCall[] = [];

  /** `technique`: the expression that runs. */
  constructor(technique: string, trace: Trace) {
    this.#technique = technique;
    this.#trace = trace;
    this.#note();
  }

  begin(step: string): InnerCall {
    const call = { step, trace: this.#trace.child(), failed: false };
    this.#calls.push(call);
    this.#note();
    return call;
  }

  fail(call: InnerCall): void {
    call.failed = true;
    this.#note();
  }

  stop(stop: Stop): void {
    this.stopped ??= stop;
    this.#note();
  }

  warn(text: string): void {
    if (this.warnings.length < maxWarnings && !this.warnings.includes(text)) this.warnings.push(text);
  }

  /** Sums of what Bedrock has counted. */
  get usage(): Usage {
    return usageOf(this.#calls.flatMap(({ trace }) => trace.allCalls()));
  }

  /** As clients get it. */
  render(): JsonObject {
    const steps: Record<string, JsonObject> = {};
    for (const step of new Set(this.#calls.map((call) => call.step))) {
      const calls = this.#calls.filter((call) => call.step === step);
      const usage = usageOf(calls.flatMap(({ trace }) => trace.allCalls()));
      steps[step] = {
        calls: calls.length,
        failed: countFailed(calls),
        input_tokens:
          usage.inputTokens + (usage.cacheReadInputTokens ?? 0) + (usage.cacheWriteInputTokens ?? 0),
        output_tokens: usage.outputTokens,
      };
    }
    return {
      technique: this.#technique,
      calls: this.#calls.length,
      failed: countFailed(this.#calls),
      stopped: this.stopped ?? null,
      steps,
      warnings: [...this.warnings],
    };
  }

  #note(): void {
    this.#trace.note({
      optimisation: this.#technique,
      optimisationCalls: this.#calls.length,
      optimisationFailed: countFailed(this.#calls),
      ...(this.stopped && { optimisationStopped: this.stopped }),
    });
  }
}

const countFailed = (calls: readonly InnerCall[]): number => calls.filter(({ failed }) => failed).length;

/** Estimates of what a call would have used that never reported it are left out. */
function usageOf(calls: readonly UpstreamCall[]): Usage {
  const reported = calls.filter(
    ({ tokens, estimated }) => tokens && (!estimated || estimated === 'not_reported'),
  );
  const sum = reported.reduce<TokenCounts>(
    (total, { tokens = noTokens }) => addTokens(total, tokens),
    noTokens,
  );
  return {
    inputTokens: sum.input,
    outputTokens: sum.output,
    totalTokens: sum.input + sum.output,
    cacheReadInputTokens: sum.cacheRead,
    cacheWriteInputTokens: sum.cacheWrite + sum.cacheWriteLong,
    ...(reported.some(({ estimated }) => estimated) && { estimated: true }),
  };
}

/**
 * The usage of the last of several answers, which has with it what all other calls have used: what is not among
 * `told`, the usage of the answers before it.
 */
export function restOf(total: Usage, told: readonly Usage[], own: Usage): Usage {
  const of = (count: (usage: Usage) => number | null | undefined) =>
    Math.max(0, (count(total) ?? 0) - told.reduce((sum, usage) => sum + (count(usage) ?? 0), 0));
  const outputTokens = of((usage) => usage.outputTokens);
  return {
    inputTokens: of((usage) => usage.inputTokens),
    outputTokens,
    totalTokens: of((usage) => usage.totalTokens),
    cacheReadInputTokens: of((usage) => usage.cacheReadInputTokens),
    cacheWriteInputTokens: of((usage) => usage.cacheWriteInputTokens),
    ...((total.estimated || own.estimated) && { estimated: true }),
    hiddenOutputTokens: Math.max(0, outputTokens - (own.outputTokens ?? 0)),
  };
}
