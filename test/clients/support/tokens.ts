/** Counts of tokens in Anthropic's spelling. */
export interface Tokens {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

const noTokens: Tokens = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
};

/** What the gateway's own log counts for some requests: the tokens that Bedrock bills. */
export function tokensIn(logs: readonly Record<string, unknown>[]): Tokens {
  return logs.reduce<Tokens>(
    (sum, line) => ({
      input_tokens: sum.input_tokens + Number(line.inputTokens ?? 0),
      output_tokens: sum.output_tokens + Number(line.outputTokens ?? 0),
      cache_read_input_tokens: sum.cache_read_input_tokens + Number(line.cacheReadTokens ?? 0),
      cache_creation_input_tokens: sum.cache_creation_input_tokens + Number(line.cacheWriteTokens ?? 0),
    }),
    noTokens,
  );
}
