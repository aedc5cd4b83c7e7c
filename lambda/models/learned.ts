import type { Capabilities } from './capabilities.ts';

/** What models have refused lately in this process, by model id: it corrects the family table for a while. */
export interface Learned {
  of(modelId: string): Partial<Capabilities>;
  add(modelId: string, correction: Partial<Capabilities>): void;
}

export interface LearnedOptions {
  /** Epoch milliseconds. */
  now: () => number;
  /** Milliseconds that a correction is believed. */
  ttlMs?: number;
  /** Models that corrections are kept for; the one corrected longest ago is forgotten first. */
  maxModels?: number;
}

/** A wrong lesson must not outlive its cause, and a right one costs one refused, unbilled call to learn again. */
const defaultTtlMs = 3_600_000;
/** Model names come from clients. */
const defaultMaxModels = 500;

interface Lesson {
  value: unknown;
  /** Epoch milliseconds. */
  until: number;
}
type Lessons = ReadonlyMap<string, Lesson>;

/** One lesson a member of the capabilities, so that what is kept of one model is bounded too. */
export function createLearned(options: LearnedOptions): Learned {
  const { now, ttlMs = defaultTtlMs, maxModels = defaultMaxModels } = options;
  const byModel = new Map<string, Lessons>();
  return {
    of(modelId) {
      const lessons = byModel.get(modelId);
      if (!lessons) return {};
      const known = [...lessons].filter(([, { until }]) => now() < until);
      if (known.length === 0) byModel.delete(modelId);
      return Object.fromEntries(known.map(([member, { value }]) => [member, value]));
    },
    add(modelId, correction) {
      const until = now() + ttlMs;
      const fresh = Object.entries(correction).map(([member, value]) => [member, { value, until }] as const);
      const lessons = new Map([...(byModel.get(modelId) ?? []), ...fresh]);
      byModel.delete(modelId);
      byModel.set(modelId, lessons);
      const oldest = byModel.size > maxModels ? byModel.keys().next().value : undefined;
      if (oldest !== undefined) byModel.delete(oldest);
    },
  };
}
