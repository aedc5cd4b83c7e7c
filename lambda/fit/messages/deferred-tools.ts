import type { Json } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import {
  type Block,
  mapBlocks,
  mapKept,
  type NativeDraft,
  type NativeStep,
  objectAt,
  takesFlag,
} from './draft.ts';
import { flags } from './members.ts';
import { standingDefinitions } from './tool-changes.ts';
import { isToolSearch } from './tool-kinds.ts';

const isDeferred = ({ defer_loading }: Block): boolean => defer_loading === true;
const isSearch = ({ type }: Block): boolean => typeof type === 'string' && isToolSearch(type);

/**
 * Tools that are loaded when a search has found them, for a model without tool search. It is sent those that are loaded:
 * not deferred, or found by a search of the client's (a `tool_reference` in the history, which becomes text). What was
 * not found can still be: the search is the client's tool. A search that Bedrock would have run cannot, so all of its tools
 * are loaded.
 */
export const expandDeferredTools: NativeStep = (draft, capabilities) => {
  if (takesFlag(capabilities, flags.toolSearch)) return;
  const wanted = referencedNames(draft);
  if (wanted.size === 0 && !draft.tools.some((tool) => isDeferred(tool) || isSearch(tool))) return;
  const choice = objectAt(draft.body.tool_choice);
  // A tool that must be called has to be there.
  if (choice?.type === 'tool') add(wanted, choice.name);
  const all = draft.tools.some(isSearch);
  const own = draft.tools.filter((tool) => !isSearch(tool));
  const chosen = own.filter((tool) => all || !isDeferred(tool) || wanted.has(tool.name as string));
  draft.tools = (chosen.length > 0 ? chosen : own).map(loaded);
  const sent = namesOf(draft.tools);
  replaceReferences(draft, (name) => (sent.has(name) ? available(name) : gone(name)));
  warn(draft, note`deferred tools were loaded where they are needed: this model has no tool search`);
};

/**
 * The same tools as they are, for a model with tool search, less what Bedrock refuses: "All tools cannot be deferred.",
 * "Tool reference 'x' not found in available tools". Runs when it is known which tools are sent.
 */
export const fitDeferredTools: NativeStep = (draft, capabilities) => {
  if (!takesFlag(capabilities, flags.toolSearch)) return;
  const choice = objectAt(draft.body.tool_choice);
  const forced = choice?.type === 'tool' ? choice.name : undefined;
  const all = draft.tools.every(isDeferred);
  draft.tools = mapKept(draft.tools, (tool) =>
    isDeferred(tool) && (all || tool.name === forced) ? loaded(tool) : tool,
  );
  const sent = namesOf([...draft.tools, ...standingDefinitions(draft)]);
  replaceReferences(draft, (name) => (sent.has(name) ? undefined : gone(name)));
};

/** Names of the tools that results of searches have loaded. */
function referencedNames({ messages }: NativeDraft): Set<string> {
  const names = new Set<string>();
  for (const { content } of messages) {
    if (typeof content === 'string') continue;
    for (const block of content)
      if (block.type === 'tool_result' && Array.isArray(block.content))
        for (const part of block.content) add(names, referenceIn(part));
  }
  return names;
}

function add(names: Set<string>, name: Json | undefined): void {
  if (typeof name === 'string') names.add(name);
}

const referenceIn = (part: Json): Json | undefined => {
  const block = objectAt(part);
  return block?.type === 'tool_reference' ? block.tool_name : undefined;
};

function loaded(tool: Block): Block {
  if (tool.defer_loading === undefined) return tool;
  const { defer_loading: _, ...rest } = tool;
  return rest;
}

const namesOf = (tools: readonly Block[]): Set<unknown> => new Set(tools.map(({ name }) => name));
const available = (name: string): Block => ({ type: 'text', text: `The tool ${name} is now available.` });
const gone = (name: string): Block => ({ type: 'text', text: `The tool ${name} is no longer available.` });

/** References for which there is something else to say. */
function replaceReferences(draft: NativeDraft, instead: (name: string) => Block | undefined): void {
  draft.messages = mapBlocks(draft.messages, (blocks) =>
    mapKept(blocks, (block) => {
      if (block.type !== 'tool_result' || !Array.isArray(block.content)) return block;
      const content = mapKept(block.content, (part) => {
        const name = referenceIn(part);
        return name === undefined ? part : (instead(String(name)) ?? part);
      });
      return content === block.content ? block : { ...block, content };
    }),
  );
}
