import { isCachePoint } from '../../canonical/blocks.ts';
import { textKey } from '../../canonical/text-key.ts';
import { changesTools } from '../../canonical/tool-changes.ts';
import type { ContentBlock, JsonObject, SystemBlock, ToolResultContent } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { unsupported } from '../shared/bad-request.ts';
import { type Block, blocksOf } from './conversation.ts';
import { citationsOf, type MediaContext, readDocument, readImage } from './media.ts';

/** What is needed to translate a conversation that has been checked. */
export interface BlockContext extends MediaContext {
  /** Names of the tools that the request defines. */
  defined: ReadonlySet<string>;
}

/** The content of a user's or an assistant's message as content blocks, cache marks included. */
export function translateBlocks(blocks: readonly Block[], at: string, context: BlockContext): ContentBlock[] {
  const translated: ContentBlock[] = [];
  blocks.forEach((block, i) => {
    for (const each of translateBlock(block, `${at}.${i}`, context)) translated.push(each);
    pushCachePoint(translated, block);
  });
  return translated;
}

/** Instructions of the system prompt, or between turns. */
export function translateInstructions(blocks: readonly Block[], { losses }: BlockContext): SystemBlock[] {
  const translated: SystemBlock[] = [];
  for (const block of blocks) {
    if (block.type === 'text') translated.push({ text: String(block.text) });
    else if (block.type === 'guarded_text') {
      translated.push({ guardContent: { text: { text: String(block.text) } } });
    } else if (!changesTools(block)) losses.add(block.type);
    pushCachePoint(translated, block);
  }
  return translated;
}

/** A block without a form in Converse is left out and counted, and no 400: it may come from the answer of any model. */
function translateBlock(block: Block, at: string, context: BlockContext): ContentBlock[] {
  switch (block.type) {
    case 'text':
      return [{ text: String(block.text) }];
    case 'guarded_text':
      return [{ guardContent: { text: { text: String(block.text) } } }];
    case 'image':
      return [readImage(block, at, context)];
    case 'document':
      return [readDocument(block, at, context)];
    case 'search_result':
      return [searchResult(block)];
    case 'thinking':
      return [thinking(block)];
    case 'redacted_thinking':
      return [{ reasoningContent: { redactedContent: String(block.data) } }];
    case 'tool_use':
      return [toolUse(block)];
    case 'tool_result':
      return toolResult(block, at, context);
    default:
      if (!changesTools(block)) context.losses.add(block.type);
      return [];
  }
}

/** The text may be empty where the client asked not to see it: the signature holds what the model needs. */
function thinking({ thinking: text, signature }: Block): ContentBlock {
  const signed = typeof signature === 'string' && signature !== '' ? { signature } : {};
  return { reasoningContent: { reasoningText: { text: String(text), ...signed } } };
}

function toolUse({ id, name, input }: Block): ContentBlock {
  return { toolUse: { toolUseId: textKey(String(id)), name: String(name), input: input as JsonObject } };
}

function searchResult({ source, title, content, citations }: Block) {
  return {
    searchResult: {
      source: String(source),
      title: String(title),
      content: blocksOf(content).flatMap(({ type, text }) =>
        type === 'text' ? [{ text: String(text) }] : [],
      ),
      ...citationsOf(citations),
    },
  };
}

function toolResult(block: Block, at: string, context: BlockContext): ContentBlock[] {
  const { tool_use_id: id, content: given, is_error: failed } = block;
  const blocks = typeof given === 'string' ? [{ type: 'text', text: given }] : blocksOf(given);
  const content = blocks.flatMap((part, i) => resultContent(part, `${at}.content.${i}`, context));
  const result: ContentBlock = {
    toolResult: {
      toolUseId: textKey(String(id)),
      content,
      ...(failed === true && { status: 'error' as const }),
    },
  };
  // A cache point cannot stand inside a result; behind it, it covers the same prefix.
  const points: ContentBlock[] = [];
  const marked = blocks.findLast((part: Block) => part.cache_control != null);
  if (marked) pushCachePoint(points, marked);
  return [result, ...points.filter(isCachePoint)];
}

function resultContent(part: Block, at: string, context: BlockContext): ToolResultContent[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: String(part.text) }];
    case 'image':
      return [readImage(part, at, context)];
    case 'document':
      return [readDocument(part, at, context)];
    case 'search_result':
      return [searchResult(part)];
    case 'tool_reference':
      return reference(part, context);
    case 'browser_state':
      throw unsupported(`${at}: a browser_state can be sent to Claude in its own API alone.`, at);
    default:
      context.losses.add(part.type);
      return [];
  }
}

/** What a search for tools has found; a name without a definition would promise a tool that is not there. */
function reference({ tool_name: name }: Block, { defined }: BlockContext): ToolResultContent[] {
  if (typeof name !== 'string' || !defined.has(textKey(name))) return [];
  return [{ text: `The tool ${name} is now available.` }];
}
