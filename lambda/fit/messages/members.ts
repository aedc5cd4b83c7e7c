import {
  free,
  gated,
  type Known,
  kinds,
  list,
  onlyTrue,
  record,
  scalar,
  textOr,
  typed,
  withMembers,
} from './known.ts';
import { toolKinds } from './tool-kinds.ts';

/**
 * Every member of a body that may reach Bedrock, by its place, and the flag that it needs. Two things follow from there
 * being one table: a flag and its member leave together or stay together, and what a refusal names is a name of this
 * table and no client's word, outside of the free places.
 *
 * Sources: Anthropic's API reference; AWS, "Anthropic Claude Messages API"; what Bedrock has refused as
 * "Extra inputs are not permitted".
 */

export const flags = {
  toolSearch: 'tool-search-tool-2025-10-19',
  toolExamples: 'tool-examples-2025-10-29',
  effort: 'effort-2025-11-24',
  contextManagement: 'context-management-2025-06-27',
  compactEdit: 'compact-2026-01-12',
  compact: 'compact-2026-09-04',
  toolChanges: 'mid-conversation-tool-changes-2026-07-01',
  inlineTools: 'inline-tools-2026-09-15',
  turnConfig: ['mid-conversation-output-config-2026-07-01', 'per-turn-control-2026-07-01'],
  bindingControls: 'thinking-binding-controls-2026-08-01',
  displayUpdates: 'thinking-display-updates-2026-08-18',
} as const;

const cache_control = kinds({ ephemeral: typed('ttl') });
const citations = record({ enabled: scalar });

const text = withMembers(typed('text'), { cache_control, citations: list(free) });
const plainText = typed('text');
const imageSource = kinds({ base64: typed('media_type', 'data') });
const image = withMembers(typed(), { source: imageSource, cache_control });

const documentSource = kinds({
  base64: typed('media_type', 'data'),
  text: typed('media_type', 'data'),
  content: withMembers(typed(), {
    content: textOr(list(kinds({ text: plainText, image: withMembers(typed(), { source: imageSource }) }))),
  }),
});

const document = withMembers(typed('title', 'context'), {
  source: documentSource,
  citations,
  cache_control,
});
const search_result = withMembers(typed('source', 'title'), {
  content: list(kinds({ text: plainText })),
  citations,
  cache_control,
});

const media = { text, image, document, search_result };

const caller = typed('tool_id');
const call = withMembers(typed('id', 'name'), { input: free, caller, cache_control });

export const resultKinds = {
  ...media,
  tool_reference: gated(withMembers(typed('tool_name'), { cache_control }), flags.toolSearch),
  browser_state: free,
} as const;

/** `eager_input_streaming` and `allowed_callers` are for Anthropic's own API. */
const definedMembers = {
  input_schema: free,
  defer_loading: gated(onlyTrue, flags.toolSearch),
  input_examples: gated(list(free), flags.toolExamples),
};
const customTool = withMembers(typed('name', 'description', 'strict'), { ...definedMembers, cache_control });
const tools = kinds({ ...toolKinds(cache_control), custom: customTool });
/** The same within a conversation. No model that takes one there takes `strict`. */
const definedTool = kinds({
  ...toolKinds(cache_control),
  custom: withMembers(typed('name', 'description'), definedMembers),
});

/** The flag for definitions brings additions and removals as well. */
const reference = gated(typed('name'), flags.toolChanges, flags.inlineTools);
const change = (tool: Readonly<Record<string, Known>>) =>
  withMembers(typed(), { tool: kinds({ tool_reference: reference, ...tool }), cache_control });
const changes = {
  tool_addition: change({
    tool_definition: gated(withMembers(typed(), { definition: definedTool }), flags.inlineTools),
  }),
  tool_removal: change({}),
};

/** What a user's or an assistant's message may hold. */
export const contentKinds = {
  ...media,
  thinking: typed('thinking', 'signature'),
  redacted_thinking: typed('data'),
  tool_use: withMembers(call, { toolset_name: scalar }),
  tool_result: withMembers(typed('tool_use_id', 'is_error', 'toolset_name'), {
    content: textOr(list(kinds(resultKinds))),
    cache_control,
  }),
  server_tool_use: gated(call, flags.toolSearch),
  tool_search_tool_result: gated(
    withMembers(typed('tool_use_id'), {
      content: withMembers(typed('error_code', 'error_message'), {
        tool_references: list(typed('tool_name')),
      }),
      cache_control,
    }),
    flags.toolSearch,
  ),
  compaction: gated(
    withMembers(typed('content', 'encrypted_content', 'signature'), {
      tool_changes: list(kinds(changes)),
      cache_control,
    }),
    flags.compact,
    flags.compactEdit,
  ),
} as const;

/** What a message of role `system` may hold. */
export const instructionKinds = { text, ...changes } as const;

const message = record({
  role: scalar,
  content: textOr(list(kinds({ ...contentKinds, ...instructionKinds }))),
  output_config: gated(record({ effort: scalar }), ...flags.turnConfig),
});

const amount = textOr(typed('value'));
const edits = {
  clear_tool_uses_20250919: gated(
    withMembers(typed(), {
      trigger: amount,
      keep: amount,
      clear_at_least: amount,
      exclude_tools: list(scalar),
      clear_tool_inputs: free,
    }),
    flags.contextManagement,
  ),
  clear_thinking_20251015: gated(withMembers(typed(), { keep: amount }), flags.contextManagement),
  compact_20260112: gated(
    withMembers(typed('instructions', 'pause_after_compaction'), { trigger: amount }),
    flags.compactEdit,
  ),
};

const shown = { display: scalar, block_binding: gated(free, flags.bindingControls) };

export const body = record({
  anthropic_version: scalar,
  max_tokens: scalar,
  system: textOr(list(text)),
  messages: list(message),
  tools: list(tools),
  tool_choice: typed('name', 'disable_parallel_tool_use'),
  stop_sequences: list(scalar),
  temperature: scalar,
  top_p: scalar,
  top_k: scalar,
  metadata: record({ user_id: scalar }),
  thinking: kinds({
    enabled: withMembers(typed('budget_tokens'), shown),
    adaptive: withMembers(typed(), shown),
    between_tools: withMembers(typed(), shown),
    disabled: typed(),
  }),
  output_config: record({
    effort: scalar,
    format: kinds({ json_schema: withMembers(typed(), { schema: free }) }),
  }),
  context_management: record({ edits: list(kinds(edits)) }),
  compaction: gated(free, flags.compact),
});
