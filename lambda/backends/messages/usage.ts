import { isObject } from '../../canonical/json.ts';
import { filterExplanation } from '../../canonical/stop-reason.ts';
import type { StopReason, Usage } from '../../canonical/types.ts';

/** The counts of one call as they become known, in Claude's words, as Converse would have them. */
export class KnownUsage {
  #input = 0;
  #output = 0;
  #read = 0;
  #write = 0;
  #longWrite = 0;

  /** `usage` of a message or of an event of it: what it does not name stays as it is known. */
  add(usage: unknown): void {
    if (!isObject(usage)) return;
    this.#input = count(usage.input_tokens) ?? this.#input;
    this.#output = count(usage.output_tokens) ?? this.#output;
    this.#read = count(usage.cache_read_input_tokens) ?? this.#read;
    this.#write = count(usage.cache_creation_input_tokens) ?? this.#write;
    if (isObject(usage.cache_creation)) {
      this.#longWrite = count(usage.cache_creation.ephemeral_1h_input_tokens) ?? this.#longWrite;
    }
  }

  /** Bedrock's own counts, in the last chunk of a stream. */
  addMetrics(metrics: unknown): void {
    if (!isObject(metrics)) return;
    this.#input = count(metrics.inputTokenCount) ?? this.#input;
    this.#output = count(metrics.outputTokenCount) ?? this.#output;
    this.#read = count(metrics.cacheReadInputTokenCount) ?? this.#read;
    this.#write = count(metrics.cacheWriteInputTokenCount) ?? this.#write;
  }

  get usage(): Usage {
    const cacheDetails = this.#longWrite > 0 ? [{ ttl: '1h', inputTokens: this.#longWrite }] : undefined;
    return {
      inputTokens: this.#input,
      outputTokens: this.#output,
      totalTokens: this.#input + this.#output + this.#read + this.#write,
      cacheReadInputTokens: this.#read,
      cacheWriteInputTokens: this.#write,
      ...(cacheDetails && { cacheDetails }),
    };
  }
}

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
