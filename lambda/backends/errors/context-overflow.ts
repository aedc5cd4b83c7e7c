/** How Bedrock and the models behind it say that the conversation is too long. */
export const contextOverflow =
  /\b(?:input|prompt|request) is too long|too many (?:total )?(?:input )?(?:text bytes|tokens)|input tokens exceeded|maximum context length|exceeds? (?:the )?(?:model's )?(?:maximum )?context (?:limit|window|length)|^Malformed input request: #\/(?:prompt|inputText): expected maxLength/i;

const advice = 'Please reduce the length of the messages.';

/**
 * Clients look for these words to shorten the conversation by themselves: OpenAI's sentence, and
 * Anthropic's `prompt is too long: N tokens > M maximum`, from which Claude Code takes the numbers.
 */
export function contextOverflowMessage(text: string): string {
  const tooLong = /prompt is too long: (\d+) tokens > (\d+) maximum/i.exec(text);
  if (tooLong) {
    const [words, tokens, limit] = tooLong;
    return `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens. ${advice} (${words})`;
  }
  const sum = /exceed context limit: (\d+) \+ (\d+) > (\d+)/i.exec(text);
  if (sum) {
    const [, input, output, limit] = sum;
    return `This model's maximum context length is ${limit} tokens. However, you requested ${Number(input) + Number(output)} tokens (${input} in the messages, ${output} in the completion). Please reduce the length of the messages or completion.`;
  }
  if (/maximum context length|prompt is too long/i.test(text)) return withAdvice(text);
  if (/input is too long/i.test(text)) {
    // Bedrock says the same of a payload with too many bytes of images (IDP#994).
    return `${sentence(text)} Either the conversation exceeds the model's maximum context length, or its images and documents are too large. ${advice}`;
  }
  return withAdvice(`Input is too long for requested model: ${text}`);
}

function withAdvice(text: string): string {
  return /reduce the length/i.test(text) ? text : `${sentence(text)} ${advice}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
