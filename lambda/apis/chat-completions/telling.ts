import type { StateKey } from '../../auth/state-key.ts';
import type { Citation, ReasoningBlock } from '../../canonical/types.ts';
import type { Config } from '../../config.ts';
import { sealToolCallId } from '../reasoning/sealed-id.ts';
import type { Annotation, CallHead, ReasoningDetail, ReasoningState, ThinkingBlock } from './shapes.ts';

/** The head of every answer and chunk. `created`: seconds since the epoch. */
export interface AnswerHead {
  id: string;
  created: number;
  model: string;
}

/** What of an answer is told to the client, and how. */
export interface Telling {
  tools: { custom: ReadonlySet<string>; legacy: boolean };
  hideReasoning: boolean;
  /** Both unless said. */
  reasoningFields?: Config['reasoningFields'];
  trace: boolean;
  stateKey: StateKey;
}

/** The text of reasoning, in the members that clients read. */
export function reasoningText(text: string, { reasoningFields: fields = 'both' }: Telling) {
  return {
    ...(fields !== 'reasoning' && { reasoning_content: text }),
    ...(fields !== 'reasoning_content' && { reasoning: text }),
  };
}

/** Only signed and redacted blocks are worth carrying: the rest cannot be sent back to a model. */
export function isCarried({ reasoningContent }: ReasoningBlock): boolean {
  return (
    reasoningContent.redactedContent !== undefined || reasoningContent.reasoningText?.signature !== undefined
  );
}

/**
 * The id of a tool call, with the reasoning that led to it. Where that is too long, its signature alone: most
 * clients echo the text as `reasoning_content`, and the two are put together again; some keep what stands
 * beside the id.
 */
export function callHead(toolUseId: string, reasoning: readonly ReasoningBlock[], key: StateKey): CallHead {
  const state = reasoning.filter(isCarried);
  const id = sealToolCallId(toolUseId, state, key);
  if (state.length === 0 || id !== toolUseId) return { id };
  return {
    id: sealToolCallId(toolUseId, state.map(withoutText), key),
    extra_content: { bedrock: { thinking_blocks: state.map(thinkingBlock) } },
  };
}

function withoutText(block: ReasoningBlock): ReasoningBlock {
  const { reasoningText } = block.reasoningContent;
  return reasoningText ? { reasoningContent: { reasoningText: { ...reasoningText, text: '' } } } : block;
}

/** Signed reasoning in the two forms clients keep: Anthropic's blocks and OpenRouter's details. */
export function reasoningState(blocks: readonly ReasoningBlock[]): ReasoningState | undefined {
  const carried = blocks.filter(isCarried);
  if (carried.length === 0) return undefined;
  return {
    thinking_blocks: carried.map(thinkingBlock),
    reasoning_details: carried.map(reasoningDetail),
  };
}

function thinkingBlock({ reasoningContent: { reasoningText, redactedContent } }: ReasoningBlock) {
  const block: ThinkingBlock = reasoningText
    ? { type: 'thinking', thinking: reasoningText.text, signature: reasoningText.signature }
    : { type: 'redacted_thinking', data: redactedContent };
  return block;
}

function reasoningDetail(block: ReasoningBlock, index: number): ReasoningDetail {
  const { reasoningText, redactedContent } = block.reasoningContent;
  const format = 'anthropic-claude-v1';
  if (!reasoningText) return { type: 'reasoning.encrypted', data: redactedContent, format, index };
  const { text, signature } = reasoningText;
  return { type: 'reasoning.text', text, signature, format, index };
}

/** The plain input of a custom tool's call, from the JSON it was wrapped in. */
export function customInput(argumentsJson: string): string {
  try {
    const { input } = JSON.parse(argumentsJson) as { input?: unknown };
    return typeof input === 'string' ? input : argumentsJson;
  } catch {
    return argumentsJson;
  }
}

/**
 * A citation as OpenAI's annotation where it has a URL; else in Converse's own words, as OpenAI has none.
 * `start` and `end`: the characters of `content` it stands behind.
 */
export function annotation(citation: Citation, start: number, end: number): Annotation {
  const web = citation.location?.web;
  const url = typeof web === 'object' && web !== null && !Array.isArray(web) ? web.url : undefined;
  const place = { start_index: start, end_index: end };
  return typeof url === 'string'
    ? { type: 'url_citation', url_citation: { url, title: citation.title ?? url, ...place } }
    : { type: 'document_citation', document_citation: { ...citation, ...place } };
}
