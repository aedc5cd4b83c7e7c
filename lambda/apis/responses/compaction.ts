import type { CanonicalRequest } from '../../canonical/request.ts';
import type { Message } from '../../canonical/types.ts';

/**
 * What a model is asked when a client wants its conversation shortened. The answer takes the place of everything before
 * it but the user's own messages, so it has to hold all that the work goes on with.
 */
const prompt = `The conversation has become too long and is replaced by a summary, which you write now. Whoever goes on has this summary, the instructions and the user's messages, and nothing else.

Write down, as plainly and completely as it takes:
- what the user wants, with every constraint and preference that was stated;
- what has been done and decided, and why; what was tried and failed;
- the state of the work: files, names, values, commands, results and errors that are still needed, word for word;
- what is left to do, and the next step.

Do not call tools, do not answer the user and do not go on with the work. Reply with the summary alone.`;

const names: ReadonlySet<unknown> = new Set(['compaction', 'context_compaction', 'compaction_summary']);

/** Whether an item is a summary, as Codex has called it over time. */
export const isCompaction = (type: unknown): boolean => names.has(type);

/** A summary, as whoever goes on is told it. */
export const summaryText = (summary: string): string => `Summary of the conversation so far:\n\n${summary}`;

/**
 * The request for a summary of a conversation, made of the request that asked for it: the same instructions, tools and
 * turns, whose cached prefix is found again, then the prompt. No tool may be called, and no form is asked for.
 */
export function askForSummary({ converse, intent, ...rest }: CanonicalRequest): CanonicalRequest {
  const { outputFormat: _format, webSearch: _search, ...wanted } = intent;
  const { toolConfig, ...given } = converse;
  const asking: Message = { role: 'user', content: [{ text: prompt }] };
  return {
    ...rest,
    converse: {
      ...given,
      ...(toolConfig && { toolConfig: { tools: toolConfig.tools } }),
      messages: [...converse.messages, asking],
    },
    intent: { ...wanted, toolChoiceNone: true },
  };
}
