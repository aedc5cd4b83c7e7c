import { signatureOfResponses } from '../../canonical/reasoning.ts';
import { changesTools } from '../../canonical/tool-changes.ts';
import type { Json } from '../../canonical/types.ts';
import { unsupported } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import {
  type Block,
  blocksIn,
  type Claude,
  mapBlocks,
  mapKept,
  type NativeStep,
  objectAt,
  type Turn,
  takesFlag,
} from './draft.ts';
import { withSeenFormat } from './image.ts';
import { contentKinds, flags, instructionKinds, resultKinds } from './members.ts';

/** Kinds of blocks that only a model which has these tools takes. */
const browser = 'browser_toolset_20260801';

/**
 * The blocks that the model takes: in a history of another model there are kinds that only that one knew, and the calls
 * and results of tools that its servers ran. They are left out and counted in a warning; reasoning without a signature,
 * which no Claude has said, is left out silently, as on Converse.
 */
export const fitBlocks: NativeStep = (draft, capabilities) => {
  const search = takesFlag(capabilities, flags.toolSearch) ? searchIds(draft.messages) : new Set<string>();
  let unknown = 0;
  const isKnown = (block: Block, turn: Turn): boolean => {
    const known = turn.role === 'system' ? instructionKinds : contentKinds;
    return has(known, block.type) && takes(block, capabilities, search);
  };
  draft.messages = mapBlocks(draft.messages, (blocks, turn) =>
    mapKept(blocks, (block) => {
      if (isReasoning(block)) return mayReturn(block, capabilities) ? block : undefined;
      if (isKnown(block, turn)) return fitted(block, capabilities);
      // What these say goes into the list of tools.
      if (!changesTools(block)) unknown += 1;
      return undefined;
    }),
  );
  if (unknown > 0)
    warn(draft, note`${unknown} content block(s) of kinds that this model does not know left out`);
};

const has = (known: object, type: Json | undefined): boolean =>
  typeof type === 'string' && Object.hasOwn(known, type);

const isReasoning = ({ type }: Block): boolean => type === 'thinking' || type === 'redacted_thinking';

function mayReturn({ type, signature }: Block, { reasoningReplay }: Claude): boolean {
  if (reasoningReplay !== true) return false;
  if (type === 'redacted_thinking') return true;
  // What GPT thought on Responses goes back there alone.
  return (
    typeof signature === 'string' && signature !== '' && signatureOfResponses.read(signature) === undefined
  );
}

/** Calls of the search among deferred tools whose result is there: the one server tool that runs on Bedrock. */
function searchIds(turns: readonly Turn[]): Set<string> {
  const found = new Set<string>();
  for (const { content } of turns) {
    if (typeof content === 'string') continue;
    for (const { type, tool_use_id: id } of content)
      if (type === 'tool_search_tool_result' && typeof id === 'string') found.add(id);
  }
  return found;
}

function takes(block: Block, capabilities: Claude, search: ReadonlySet<string>): boolean {
  switch (block.type) {
    case 'server_tool_use':
      return search.has(block.id as string) && String(block.name).startsWith('tool_search_tool');
    case 'tool_search_tool_result':
      return search.size > 0;
    case 'compaction':
      return takesFlag(capabilities, flags.compact, flags.compactEdit);
    case 'tool_addition':
    case 'tool_removal':
    case 'tool_definition':
      return takesChange(block, capabilities);
    default:
      return true;
  }
}

/** Whether the model takes a block that adds or removes a tool by its name, or adds one by its definition. */
function takesChange({ type, tool }: Block, capabilities: Claude): boolean {
  const { type: how, name, definition } = objectAt(tool) ?? {};
  if (how === 'tool_reference' && typeof name === 'string')
    return takesFlag(capabilities, flags.toolChanges, flags.inlineTools);
  return (
    type === 'tool_addition' &&
    how === 'tool_definition' &&
    objectAt(definition) !== undefined &&
    takesFlag(capabilities, flags.inlineTools)
  );
}

function fitted(block: Block, capabilities: Claude): Block {
  if (block.type === 'image' || block.type === 'document') return fittedFile(block, capabilities);
  if (block.type === 'compaction' && !takesChanges(block, capabilities)) return withoutChanges(block);
  if (block.type !== 'tool_result' || !Array.isArray(block.content)) return block;
  const content = mapKept(block.content, (part) => {
    const inside = objectAt(part);
    if (!inside || !has(resultKinds, inside.type)) return undefined;
    if (inside.type === 'browser_state')
      return capabilities.messages.typedTools.includes(browser) ? inside : undefined;
    return inside.type === 'image' || inside.type === 'document' ? fittedFile(inside, capabilities) : inside;
  });
  return content === block.content ? block : { ...block, content };
}

const takesChanges = ({ tool_changes }: Block, capabilities: Claude): boolean =>
  blocksIn(tool_changes).every((change) => takesChange(change, capabilities));

function withoutChanges({ tool_changes: _, ...block }: Block): Block {
  return block;
}

/** What stands elsewhere cannot be fetched by Bedrock; URLs have been fetched before this. */
function fittedFile(block: Block, capabilities: Claude): Block {
  const source = objectAt(block.source)?.type;
  if (source === 'file' || source === 'url') {
    throw unsupported(
      note`A source of type ${source} cannot be read by models on Bedrock. Send the file itself, as base64.`,
      field('messages'),
    );
  }
  if (block.type === 'image') return withSeenFormat(block, capabilities);
  if (source === 'content') return withFittedContent(block, capabilities);
  // Any other type of text is refused.
  if (source === 'text') return { ...block, source: { ...objectAt(block.source), media_type: 'text/plain' } };
  return block;
}

/** A document whose content is a list of blocks, which may be images. */
function withFittedContent(block: Block, capabilities: Claude): Block {
  const source = objectAt(block.source);
  if (!source || !Array.isArray(source.content)) return block;
  const content = mapKept(source.content, (part) => {
    const inside = objectAt(part);
    return inside?.type === 'image' ? fittedFile(inside, capabilities) : part;
  });
  return content === source.content ? block : { ...block, source: { ...source, content } };
}
