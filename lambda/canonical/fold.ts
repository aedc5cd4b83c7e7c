import { GatewayError } from '../errors.ts';
import { addReasoning, type OpenReasoning, reasoningBlock } from './reasoning.ts';
import { parseToolInput } from './tool-input.ts';
import type { Citation, ContentBlock, ConverseAnswer, ConverseEvent, Delta, JsonObject } from './types.ts';

type Start = Extract<ConverseEvent, { contentBlockStart: unknown }>['contentBlockStart']['start'];
type Stop = Extract<ConverseEvent, { messageStop: unknown }>['messageStop'];
type Metadata = Extract<ConverseEvent, { metadata: unknown }>['metadata'];

/** What has arrived of one block. Which members are set tells its kind. */
interface OpenBlock {
  text?: string;
  toolUse?: NonNullable<Start['toolUse']>;
  input: string;
  toolResult?: { start: JsonObject; content: JsonObject[] };
  image?: JsonObject;
  reasoning?: OpenReasoning;
  citations?: Citation[];
}

/**
 * Collects a stream's events into the answer that Converse would have given: blocks in the order in which
 * they began, tool input parsed. A stream without `messageStop` has failed: GatewayError 502. Counts are zero and
 * marked as estimated when no `metadata` came.
 */
export function fold(events: Iterable<ConverseEvent>): ConverseAnswer {
  const blocks = new Map<number, OpenBlock>();
  const at = (index: number): OpenBlock => {
    const block = blocks.get(index) ?? { input: '' };
    blocks.set(index, block);
    return block;
  };
  let stop: Stop | undefined;
  let metadata: Metadata = { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true } };
  for (const event of events) {
    if ('contentBlockDelta' in event) {
      addDelta(at(event.contentBlockDelta.contentBlockIndex), event.contentBlockDelta.delta);
    } else if ('contentBlockStart' in event) {
      addStart(at(event.contentBlockStart.contentBlockIndex), event.contentBlockStart.start);
    } else if ('messageStop' in event) stop = event.messageStop;
    else if ('metadata' in event) metadata = event.metadata;
  }
  if (!stop) throw unfinished();
  return {
    output: { message: { role: 'assistant', content: [...blocks.values()].map(closeBlock) } },
    ...stop,
    ...metadata,
  };
}

function addStart(block: OpenBlock, start: Start): void {
  if (start.toolUse) block.toolUse = start.toolUse;
  if (start.toolResult) block.toolResult = { start: start.toolResult, content: [] };
  if (start.image) block.image = start.image;
}

function addDelta(block: OpenBlock, delta: Delta): void {
  if ('text' in delta) block.text = (block.text ?? '') + delta.text;
  else if ('toolUse' in delta) block.input += delta.toolUse.input;
  else if ('reasoningContent' in delta)
    block.reasoning = addReasoning(block.reasoning, delta.reasoningContent);
  else if ('citation' in delta) {
    block.citations ??= [];
    block.citations.push(delta.citation);
  } else if ('toolResult' in delta) block.toolResult?.content.push(...delta.toolResult);
  else if ('image' in delta) block.image = { ...block.image, ...delta.image };
}

function closeBlock(block: OpenBlock): ContentBlock {
  if (block.toolUse) return { toolUse: { ...block.toolUse, input: parseToolInput(block.input) } };
  if (block.toolResult) {
    // What a server tool returned: opaque to the gateway, and only ever passed on.
    const { start, content } = block.toolResult;
    return { toolResult: { ...start, content } } as unknown as ContentBlock;
  }
  if (block.image) return { image: block.image } as unknown as ContentBlock;
  if (block.reasoning) return reasoningBlock(block.reasoning);
  if (block.citations) {
    return {
      citationsContent: {
        ...(block.text !== undefined && { content: [{ text: block.text }] }),
        citations: block.citations,
      },
    };
  }
  return { text: block.text ?? '' };
}

function unfinished(): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'model_error',
    message: 'The model’s answer ended before it was complete. Try again.',
  });
}
