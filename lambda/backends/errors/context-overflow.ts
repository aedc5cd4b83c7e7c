import type { Overflow } from '../../errors.ts';

/** How Bedrock and the models behind it say that the conversation is too long. */
export const contextOverflow =
  /\b(?:input|prompt|request) is too long|too many (?:total )?(?:input )?(?:text bytes|tokens)|input tokens exceeded|maximum context length|exceeds? (?:the )?(?:model's )?(?:maximum )?context (?:limit|window|length)|^Malformed input request: #\/(?:prompt|inputText): expected maxLength/i;

const advice = 'Please reduce the length of the messages.';

/** Numbers as Claude, models behind OpenAI's API and Titan give them. */
const counts: readonly RegExp[] = [
  /prompt is too long: (?<tokens>\d+) tokens > (?<limit>\d+) maximum/i,
  /exceed context limit: (?<tokens>\d+) \+ (?<output>\d+) > (?<limit>\d+)/i,
  /maximum context length is (?<limit>\d+) tokens\b[^\d]{0,80}\b(?<tokens>\d+)(?: input)? tokens/i,
  /max input tokens: (?<limit>\d+), request input token count: (?<tokens>\d+)/i,
];

/** What Bedrock's text says of it. */
export function overflowOf(said: string): Overflow {
  for (const pattern of counts) {
    const { tokens, output, limit } = pattern.exec(said)?.groups ?? {};
    if (tokens === undefined || limit === undefined) continue;
    const counted = { tokens: Number(tokens), limit: Number(limit) };
    return { ...counted, ...(output !== undefined && { output: Number(output) }), said };
  }
  return { said };
}

/** In OpenAI's sentence where there are numbers for it: clients look for that to shorten the conversation by themselves. */
export function contextOverflowMessage({ tokens = 0, output, limit, said }: Overflow): string {
  if (output !== undefined) {
    return `This model's maximum context length is ${limit} tokens. However, you requested ${tokens + output} tokens (${tokens} in the messages, ${output} in the completion). Please reduce the length of the messages or completion.`;
  }
  const [words] = /prompt is too long: \d+ tokens > \d+ maximum/i.exec(said) ?? [];
  if (words !== undefined) {
    return `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens. ${advice} (${words})`;
  }
  if (/maximum context length|prompt is too long/i.test(said)) return withAdvice(said);
  if (/input is too long/i.test(said)) {
    // Bedrock says the same of a payload with too many bytes of images (IDP#994).
    return `${sentence(said)} Either the conversation exceeds the model's maximum context length, or its images and documents are too large. ${advice}`;
  }
  return withAdvice(`Input is too long for requested model: ${said}`);
}

function withAdvice(text: string): string {
  return /reduce the length/i.test(text) ? text : `${sentence(text)} ${advice}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
