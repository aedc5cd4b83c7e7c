import { detailsOf } from '../../lambda/apis/reasoning/formats.ts';
import { isObject } from '../../lambda/canonical/json.ts';
import type { ConverseEvent, Delta, Usage } from '../../lambda/canonical/types.ts';

/** What of a streamed chunk is read; other servers leave some of it out. */
export interface Chunk {
  choices?: readonly {
    delta?: {
      content?: string | null;
      reasoning_content?: string | null;
      reasoning?: string | null;
      reasoning_details?: unknown;
    };
    finish_reason?: string | null;
  }[];
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    total_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null;
    estimated?: boolean;
  } | null;
  service_tier?: string | null;
}

/** Chunks of Chat Completions as the events of Converse that they were made of. */
export class ChunkEvents {
  /** Whether the answer has had its end. */
  complete = false;
  #kind: 'text' | 'reasoning' | undefined;
  #index = -1;
  readonly #reasoning: number[] = [];

  push({ choices = [], usage }: Chunk): ConverseEvent[] {
    const events = choices.flatMap(({ delta, finish_reason: reason }) => [
      ...(delta ? this.#delta(delta) : []),
      ...(reason ? this.#stop(reason) : []),
    ]);
    return usage ? [...events, { metadata: { usage: usageOf(usage) } }] : events;
  }

  #delta(delta: NonNullable<NonNullable<Chunk['choices']>[number]['delta']>): ConverseEvent[] {
    const reasoned = delta.reasoning_content ?? delta.reasoning;
    return [
      ...(reasoned ? [this.#in('reasoning', { reasoningContent: { text: reasoned } })] : []),
      ...(delta.content ? [this.#in('text', { text: delta.content })] : []),
      ...(delta.reasoning_details ? this.#signed(delta.reasoning_details) : []),
    ];
  }

  #in(kind: 'text' | 'reasoning', delta: Delta): ConverseEvent {
    if (this.#kind !== kind) {
      this.#kind = kind;
      this.#index += 1;
      if (kind === 'reasoning') this.#reasoning.push(this.#index);
    }
    return { contentBlockDelta: { contentBlockIndex: this.#index, delta } };
  }

  /** Comes once, when all has been reasoned: the signatures of what was shown, and what is not shown at all. */
  #signed(details: unknown): ConverseEvent[] {
    const shown = [...this.#reasoning];
    return detailsOf(details).map(({ reasoningContent: { reasoningText, redactedContent } }) => {
      const at = reasoningText ? shown.shift() : undefined;
      const isNew = at === undefined;
      const contentBlockIndex = at ?? this.#next();
      const delta: Delta = {
        reasoningContent: reasoningText
          ? { signature: reasoningText.signature ?? '', ...(isNew && { text: reasoningText.text }) }
          : { redactedContent: redactedContent ?? '' },
      };
      return { contentBlockDelta: { contentBlockIndex, delta } };
    });
  }

  #next(): number {
    this.#kind = undefined;
    this.#index += 1;
    return this.#index;
  }

  #stop(reason: string): ConverseEvent[] {
    this.complete = true;
    return [{ messageStop: { stopReason: stopReasons[reason] ?? reason } }];
  }
}

/** Converse's words for OpenAI's. */
const stopReasons: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'content_filtered',
  tool_calls: 'tool_use',
};

function usageOf(usage: NonNullable<Chunk['usage']>): Usage {
  const {
    prompt_tokens: prompt = 0,
    completion_tokens: outputTokens = 0,
    prompt_tokens_details: details,
  } = usage;
  const { cached_tokens: read = 0, cache_write_tokens: written = 0 } = isObject(details) ? details : {};
  return {
    inputTokens: Math.max(0, prompt - read - written),
    outputTokens,
    totalTokens: prompt + outputTokens,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    ...(usage.estimated && { estimated: true }),
  };
}
