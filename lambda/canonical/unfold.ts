import { toolInputText } from './tool-input.ts';
import type { ContentBlock, ConverseAnswer, ConverseEvent, Delta, JsonObject } from './types.ts';

type Start = Extract<ConverseEvent, { contentBlockStart: unknown }>['contentBlockStart']['start'];

/**
 * Renders an answer as the events of a stream, as ConverseStream would have sent them: for models that cannot
 * stream what was asked. Text and reasoning blocks have no contentBlockStart, as on the wire.
 */
export function unfold(answer: ConverseAnswer): ConverseEvent[] {
  const { output, stopReason, additionalModelResponseFields, ...metadata } = answer;
  const events: ConverseEvent[] = [{ messageStart: { role: 'assistant' } }];
  output.message.content.forEach((block, contentBlockIndex) => {
    const { start, deltas } = rendered(block);
    if (start) events.push({ contentBlockStart: { contentBlockIndex, start } });
    for (const delta of deltas) events.push({ contentBlockDelta: { contentBlockIndex, delta } });
    events.push({ contentBlockStop: { contentBlockIndex } });
  });
  events.push({
    messageStop: { stopReason, ...(additionalModelResponseFields && { additionalModelResponseFields }) },
  });
  events.push({ metadata });
  return events;
}

function rendered(block: ContentBlock): { start?: Start; deltas: Delta[] } {
  if ('text' in block) return { deltas: [{ text: block.text }] };
  if ('toolUse' in block) {
    const { input, ...toolUse } = block.toolUse;
    const text = toolInputText(input);
    return { start: { toolUse }, deltas: text === '{}' ? [] : [{ toolUse: { input: text } }] };
  }
  if ('reasoningContent' in block) return { deltas: reasoningDeltas(block.reasoningContent) };
  if ('citationsContent' in block) {
    const { content = [], citations = [] } = block.citationsContent;
    const text = content.map((part) => part.text).join('');
    const texts: Delta[] = content.length > 0 ? [{ text }] : [];
    return { deltas: [...texts, ...citations.map((citation) => ({ citation }))] };
  }
  if ('toolResult' in block) {
    const { content, ...start } = block.toolResult;
    return {
      start: { toolResult: start as unknown as JsonObject },
      deltas: [{ toolResult: content as unknown as JsonObject[] }],
    };
  }
  if ('image' in block) {
    const { format, ...image } = block.image;
    return { start: { image: { format } }, deltas: [{ image: image as unknown as JsonObject }] };
  }
  // No other block occurs in answers, and none has a stream form.
  return { deltas: [] };
}

function reasoningDeltas({
  reasoningText,
  redactedContent,
}: {
  reasoningText?: { text: string; signature?: string };
  redactedContent?: string;
}): Delta[] {
  if (!reasoningText) {
    return redactedContent === undefined ? [] : [{ reasoningContent: { redactedContent } }];
  }
  const { text, signature } = reasoningText;
  const deltas: Delta[] = [];
  if (text !== '' || signature === undefined) deltas.push({ reasoningContent: { text } });
  if (signature !== undefined) deltas.push({ reasoningContent: { signature } });
  return deltas;
}
