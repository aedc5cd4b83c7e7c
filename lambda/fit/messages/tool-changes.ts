import {
  changesTools,
  definitionIn,
  nameIn,
  toolChanges,
  toolKey,
  withDefined,
} from '../../canonical/tool-changes.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { argumentsSchema } from '../tools/arguments-schema.ts';
import {
  type Block,
  type Claude,
  mapBlocks,
  mapKept,
  type NativeDraft,
  type NativeStep,
  objectAt,
} from './draft.ts';
import { isCustom } from './tool-names.ts';

/**
 * Blocks that add, remove or define a tool. Where the model takes all of them, at the places where they stand, they stay.
 * Else the list of tools becomes what they have made of it in the end: that costs the cached prefix, and no tool. Runs
 * when it is known what is left of the conversation, and before anything looks at the tools.
 */
export const fitToolChanges: NativeStep = (draft, capabilities) => {
  const { changes } = draft;
  if (changes.count === 0) return;
  if (countIn(draft) === changes.count && definitionsMayStay(draft, capabilities)) return;
  draft.messages = withoutChanges(draft, () => true);
  draft.tools = changedTools(draft);
  warn(
    draft,
    note`tools that the conversation adds, removes or defines were changed in the list of tools: this model takes no such blocks there`,
  );
};

/** "Referencing a name that is not declared in `tools` returns a 400 error." Runs when it is known which tools are sent. */
export const fitToolReferences: NativeStep = (draft) => {
  if (draft.changes.count === 0) return;
  const sent = new Set([...draft.tools, ...standingDefinitions(draft)].map(toolKey));
  draft.messages = withoutChanges(draft, (block) => {
    const name = definitionIn(block) ? undefined : nameIn(block);
    return name !== undefined && !sent.has(name);
  });
};

/** Tools that the conversation still defines as it is sent. */
export const standingDefinitions = ({ changes, messages }: NativeDraft): Block[] =>
  changes.count === 0 ? [] : ([...toolChanges(messages).definitions.values()] as JsonObject[]);

const definitionsOf = ({ changes }: NativeDraft): Block[] =>
  [...changes.definitions.values()] as JsonObject[];

function countIn({ messages }: NativeDraft): number {
  let count = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') continue;
    for (const block of content) {
      if (changesTools(block)) count += 1;
      else if (block.type === 'compaction' && Array.isArray(block.tool_changes))
        count += block.tool_changes.filter((each) => changesTools(objectAt(each) ?? {})).length;
    }
  }
  return count;
}

/** What calls or chooses a tool looks for it in the list, which must not be empty then. */
function definitionsMayStay(draft: NativeDraft, capabilities: Claude): boolean {
  const { tools, changes, body } = draft;
  if (changes.definitions.size === 0) return true;
  const choice = objectAt(body.tool_choice);
  if (tools.length === 0 || (choice && changes.definitions.has(toolKey({ name: choice.name })))) return false;
  return definitionsOf(draft).every((tool) => isTaken(tool, capabilities));
}

/** Whether a definition can be sent where it stands: there it is not repaired. */
function isTaken(tool: Block, capabilities: Claude): boolean {
  if (!isCustom(tool)) return capabilities.messages.typedTools.includes(String(tool.type));
  const schema = objectAt(tool.input_schema);
  return schema !== undefined && argumentsSchema(schema, capabilities).schema === schema;
}

/** The conversation without some of these blocks, and without the messages that said nothing else. */
function withoutChanges({ messages }: NativeDraft, goes: (block: Block) => boolean) {
  const changed = mapBlocks(messages, (blocks) =>
    mapKept(blocks, (block) => (changesTools(block) && goes(block) ? undefined : block)),
  );
  return mapKept(changed, (turn, i) =>
    turn === messages[i] || turn.content.length > 0 || turn.output_config ? turn : undefined,
  );
}

function changedTools({ tools, changes }: NativeDraft): Block[] {
  const { added, removed, definitions } = changes;
  return withDefined(tools, definitions as ReadonlyMap<string, Block>)
    .filter((tool) => !removed.has(toolKey(tool)))
    .map((tool) => (added.has(toolKey(tool)) ? loaded(tool) : tool));
}

function loaded(tool: Block): Block {
  if (tool.defer_loading === undefined) return tool;
  const { defer_loading: _, ...rest } = tool;
  return rest;
}
