import type { ConverseRequest } from '../converse/request.ts';
import type { Family } from '../models/family.ts';
import { askedThinking, claudeThinking, thinks } from '../rules/claude-asks.ts';
import { nestedEffort, novaReasoning } from '../rules/reasoning.ts';
import type { AnswerBlock } from './answer.ts';
import { redactedData, signatureOf } from './ids.ts';

const thought = (task: string) =>
  `The user wants: ${task} I look at what I have been given and answer briefly.`;

/** What the model shows of its thinking; undefined when it shows nothing. */
export function reasoningFor(
  request: ConverseRequest,
  family: Family,
  task: string,
): AnswerBlock | undefined {
  switch (family.thinking.kind) {
    case 'none':
      return undefined;
    case 'always':
      return unsigned(thought(task));
    case 'nova':
      return novaReasoning(request).type === 'enabled' ? unsigned('[REDACTED].') : undefined;
    case 'effort': {
      const { key, reasonsAt } = family.thinking;
      const asked = String(request.additionalModelRequestFields?.[key] ?? '');
      return asked !== 'none' && (!reasonsAt || reasonsAt.includes(asked))
        ? unsigned(thought(task))
        : undefined;
    }
    case 'encrypted':
      return nestedEffort(request) === 'none'
        ? undefined
        : { reasoningContent: { redactedContent: redactedData } };
    case 'claude':
      return thinks(request, family) ? signed(shownText(request, family, task)) : undefined;
  }
}

/** Newer models keep the text to themselves unless a summary is asked for. */
function shownText(request: ConverseRequest, family: Family, task: string): string {
  const { display } = askedThinking(request) as { display?: string };
  return claudeThinking(family)?.signatureOnly && display !== 'summarized' ? '' : thought(task);
}

const unsigned = (text: string): AnswerBlock => ({ reasoningContent: { reasoningText: { text } } });
const signed = (text: string): AnswerBlock => ({
  reasoningContent: { reasoningText: { text, signature: signatureOf(text) } },
});
