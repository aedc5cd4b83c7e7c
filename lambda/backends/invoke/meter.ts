import { estimateTokens } from '../../canonical/estimate.ts';
import { count, type Members, members } from '../../canonical/json.ts';
import type { Usage } from '../../canonical/types.ts';

/** Tokens and time of a call, from wherever they are reported: the body first, then its metrics, then the headers. */
export class Meter {
  readonly #headers: Members;
  #usage: Members = {};
  #metrics: Members = {};
  #counts: Members = {};

  /** `headers`: of the answer, in lower case. */
  constructor(headers: Members) {
    this.#headers = headers;
  }

  /** Looks at a body or chunk; later counts replace earlier ones, and nulls are passed over. */
  see(body: Members): void {
    this.#usage = { ...this.#usage, ...rendered(members(body.usage)) };
    this.#metrics = { ...this.#metrics, ...rendered(members(body['amazon-bedrock-invocationMetrics'])) };
    const { prompt_token_count, generation_token_count } = body;
    this.#counts = { ...this.#counts, ...rendered({ prompt_token_count, generation_token_count }) };
  }

  /** The last chunk of a stream carries them. */
  get complete(): boolean {
    return Object.keys(this.#metrics).length > 0;
  }

  get latencyMs(): number | undefined {
    return (
      count(this.#metrics.invocationLatency) ?? count(this.#headers['x-amzn-bedrock-invocation-latency'])
    );
  }

  /** `prompt` and `answer`: the texts to estimate by what nobody has counted. */
  usage(prompt: () => string, answer: string): Usage {
    const input = this.#input();
    const output = this.#output();
    const cached = count(members(this.#usage.prompt_tokens_details).cached_tokens) ?? 0;
    const inputTokens = input === undefined ? estimateTokens(prompt()) : Math.max(0, input - cached);
    const outputTokens = output ?? estimateTokens(answer);
    return {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + cached + outputTokens,
      ...(cached > 0 && { cacheReadInputTokens: cached }),
      ...((input === undefined || output === undefined) && { estimated: true }),
    };
  }

  #input(): number | undefined {
    return (
      count(this.#usage.prompt_tokens) ??
      count(this.#metrics.inputTokenCount) ??
      count(this.#counts.prompt_token_count) ??
      count(this.#headers['x-amzn-bedrock-input-token-count'])
    );
  }

  #output(): number | undefined {
    return (
      count(this.#usage.completion_tokens) ??
      count(this.#metrics.outputTokenCount) ??
      count(this.#counts.generation_token_count) ??
      count(this.#headers['x-amzn-bedrock-output-token-count'])
    );
  }
}

function rendered(counts: Members): Members {
  return Object.fromEntries(
    Object.entries(counts).filter(([, value]) => value !== null && value !== undefined),
  );
}
