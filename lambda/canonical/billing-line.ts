const begin = 'x-anthropic-billing-header:';

/**
 * The text of a system prompt without the line at its head that Claude Code has there for Anthropic's billing, and no model
 * is to read. It is in a block of its own; programs between join it with what follows, which is the prompt
 * (musistudio/claude-code-router#1161).
 */
export const withoutBillingLine = (text: string): string =>
  text.startsWith(begin) ? text.replace(/^[^\n]*\n*/, '') : text;
