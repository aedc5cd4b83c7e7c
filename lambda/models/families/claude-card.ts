export const card = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-${name}.html`;

/**
 * From `minTokens` on a prefix is cached
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html; BerriAI/litellm's model map).
 */
export const caching5m = (minTokens: number) => ({
  tools: true,
  ttl1h: false,
  afterToolResult: true,
  minTokens,
});
export const caching1h = (minTokens: number) => ({ ...caching5m(minTokens), ttl1h: true });
