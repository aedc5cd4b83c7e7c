import { type ContentBlock, type ConverseRequest, type Message, textOfBlock } from '../converse/request.ts';
import type { AnswerBlock } from './answer.ts';

/** Four characters a token; the estimate that providers give for English. */
export const tokensOfText = (text: string): number => Math.ceil(text.length / 4);

const json = (value: unknown): number => tokensOfText(JSON.stringify(value ?? {}));

/** An image, whatever its size: about what 1000×1000 pixels cost on Claude. */
const imageTokens = 1300;
/** What role and delimiters of a turn cost. */
const turnTokens = 4;

export function tokensOfBlock(block: ContentBlock): number {
  if (block.text !== undefined) return tokensOfText(block.text);
  if (block.image) return imageTokens;
  if (block.document)
    return tokensOfText(block.document.source.text ?? '') + binaryTokens(block.document.source.bytes);
  if (block.video ?? block.audio) return imageTokens * 2;
  if (block.toolResult)
    return block.toolResult.content.reduce((sum, each) => sum + tokensOfResult(each), turnTokens);
  if (block.reasoningContent) return tokensOfText(block.reasoningContent.reasoningText?.text ?? '');
  return block.cachePoint ? 0 : json(block);
}

const tokensOfResult = (each: { image?: unknown; document?: unknown; video?: unknown }): number =>
  each.image || each.document || each.video ? imageTokens : json(each);

/** A page of a PDF weighs much more than its text. */
const binaryTokens = (base64 = ''): number => Math.min(tokensOfText(base64), 20_000);

export const tokensOfMessage = ({ content }: Message): number =>
  content.reduce((sum, block) => sum + tokensOfBlock(block), turnTokens);

export function estimateTokens({ system = [], messages = [], toolConfig }: ConverseRequest): number {
  const systemTokens = system.reduce((sum, block) => sum + tokensOfText(textOfBlock(block)), 0);
  const toolTokens = (toolConfig?.tools ?? []).reduce(
    (sum, tool) => sum + (tool.cachePoint ? 0 : json(tool)),
    0,
  );
  return systemTokens + toolTokens + messages.reduce((sum, message) => sum + tokensOfMessage(message), 0);
}

export function tokensOfAnswer(blocks: readonly AnswerBlock[]): number {
  return Math.max(
    1,
    blocks.reduce((sum, block) => sum + tokensOfAnswerBlock(block), 0),
  );
}

export function tokensOfAnswerBlock(block: AnswerBlock): number {
  if ('text' in block) return tokensOfText(block.text);
  if ('reasoningContent' in block) return tokensOfText(block.reasoningContent.reasoningText?.text ?? '');
  return 'toolUse' in block ? json(block.toolUse.input) + 8 : json(block);
}
