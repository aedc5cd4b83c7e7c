import { isObject } from '../../canonical/json.ts';
import { filterExplanation } from '../../canonical/stop-reason.ts';
import type { StopReason, Usage } from '../../canonical/types.ts';

/**
 * The counts of one call as they become known, in Claude's words, as Converse would have them. What the model has read and
 * written to compact the conversation is billed with the rest and stands apart, in `iterations`
 * (https://platform.claude.com/docs/en/build-with-claude/compaction).
 */
export class KnownUsage {
  #answer = noCounts;
  #compaction = noCounts;

  /** `usage` of a message or of an event of it: what it does not name stays as it is known. */
  add(usage: unknown): void {
    if (!isObject(usage)) return;
    this.#answer = countsOf(usage, this.#answer);
    if (Array.isArray(usage.iterations))
      this.#compaction = usage.iterations
        .filter((iteration) => isObject(iteration) && iteration.type === 'compaction')
        .map((iteration) => countsOf(iteration, noCounts))
        .reduce(sumOf, noCounts);
  }

  /** Bedrock's own counts, in the last chunk of a stream. */
  addMetrics(metrics: unknown): void {
    if (!isObject(metrics)) return;
    const { input, output, read, write, longWrite } = this.#answer;
    const counted = {
      input: count(metrics.inputTokenCount) ?? input,
      output: count(metrics.outputTokenCount) ?? output,
      read: count(metrics.cacheReadInputTokenCount) ?? read,
      write: count(metrics.cacheWriteInputTokenCount) ?? write,
      longWrite,
    };
    const all = sumOf(this.#answer, this.#compaction);
    // Whether they have what stands apart is written nowhere: they do where they are so many more.
    const haveAll = readIn(counted) >= readIn(all);
    this.#answer = haveAll ? { ...counted, longWrite: all.longWrite } : counted;
    if (haveAll) this.#compaction = noCounts;
  }

  get usage(): Usage {
    const { input, output, read, write, longWrite } = sumOf(this.#answer, this.#compaction);
    const cacheDetails = longWrite > 0 ? [{ ttl: '1h', inputTokens: longWrite }] : undefined;
    return {
      inputTokens: input,
      outputTokens: output,
      totalTokens: input + output + read + write,
      cacheReadInputTokens: read,
      cacheWriteInputTokens: write,
      ...(cacheDetails && { cacheDetails }),
    };
  }
}

const noCounts = { input: 0, output: 0, read: 0, write: 0, longWrite: 0 };
type Counts = Readonly<typeof noCounts>;

/** In Claude's words; what is not named is as it was `before`. */
function countsOf(usage: Record<string, unknown>, before: Counts): Counts {
  const { cache_creation: created } = usage;
  return {
    input: count(usage.input_tokens) ?? before.input,
    output: count(usage.output_tokens) ?? before.output,
    read: count(usage.cache_read_input_tokens) ?? before.read,
    write: count(usage.cache_creation_input_tokens) ?? before.write,
    longWrite: (isObject(created) ? count(created.ephemeral_1h_input_tokens) : undefined) ?? before.longWrite,
  };
}

const sumOf = (one: Counts, other: Counts): Counts => ({
  input: one.input + other.input,
  output: one.output + other.output,
  read: one.read + other.read,
  write: one.write + other.write,
  longWrite: one.longWrite + other.longWrite,
});

/** Everything that was read, from the cache or not. */
const readIn = ({ input, read, write }: Counts): number => input + read + write;

const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Members of Bedrock's own in answers and events. */
export const guardrailAction = 'amazon-bedrock-guardrailAction';
export const invocationMetrics = 'amazon-bedrock-invocationMetrics';

/** The same without them. */
export function withoutBedrocks<T extends Record<string, unknown>>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([name]) => !name.startsWith('amazon-bedrock-')),
  ) as T;
}

export const hasIntervened = (members: Record<string, unknown>): boolean =>
  members[guardrailAction] === 'INTERVENED';

/**
 * How an answer ends that a guardrail has changed. The model's own reason stays `end_turn` on InvokeModel (recorded);
 * clients learn what happened from the one that Anthropic has for it.
 */
export const intervened = {
  stop_reason: 'refusal',
  stop_details: {
    type: 'refusal',
    category: null,
    explanation: filterExplanation('guardrail_intervened') ?? null,
  },
};

/** Claude's reason in Converse's words. */
export const stopReasonOf = (reason: unknown): StopReason =>
  typeof reason === 'string' ? reason : 'end_turn';
