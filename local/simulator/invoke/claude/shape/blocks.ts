import { type Allowance, asksFor, hasToolsets } from '../allowance.ts';
import { cacheControl, media, textBlock } from './media.ts';
import {
  boolean,
  type Check,
  dictionary,
  list,
  model,
  optional,
  string,
  tagged,
  textOr,
} from './pydantic.ts';
import { toolOf } from './tools.ts';

const toolName = string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ });
const toolUseId = string({ pattern: /^[a-zA-Z0-9_-]+$/ });
function resultBlocks(allowance: Allowance): Check {
  return tagged({
    ...media(allowance),
    ...(asksFor(allowance, 'tool-search-tool') && {
      tool_reference: model({ tool_name: string(), cache_control: cacheControl(allowance) }, 'tool_name'),
    }),
    ...(hasToolsets(allowance) && { browser_state: dictionary }),
  });
}

/** The blocks of a user's or an assistant's message. */
export function contentBlocks(allowance: Allowance): Check {
  const cache_control = cacheControl(allowance);
  const call = { id: toolUseId, name: toolName, input: dictionary };
  return list(
    tagged({
      ...media(allowance),
      thinking: model({ thinking: string(), signature: string() }, 'thinking', 'signature'),
      redacted_thinking: model({ data: string() }, 'data'),
      tool_use: model(
        { ...call, cache_control, caller: optional(dictionary), toolset_name: optional(string()) },
        'id',
        'name',
        'input',
      ),
      tool_result: model(
        {
          tool_use_id: toolUseId,
          content: textOr(list(resultBlocks(allowance))),
          is_error: boolean,
          toolset_name: optional(string()),
          cache_control,
        },
        'tool_use_id',
      ),
      ...(asksFor(allowance, 'tool-search-tool') && {
        server_tool_use: model(
          { ...call, cache_control, caller: optional(dictionary) },
          'id',
          'name',
          'input',
        ),
        tool_search_tool_result: model(
          { tool_use_id: toolUseId, content: dictionary, cache_control },
          'tool_use_id',
          'content',
        ),
      }),
      ...(asksFor(allowance, 'compact-') && {
        compaction: model({
          content: optional(string()),
          encrypted_content: optional(string()),
          signature: optional(string()),
          tool_changes: optional(list(tagged(toolChanges(allowance)))),
          cache_control,
        }),
      }),
    }),
  );
}

/** The blocks of a message of role `system`. */
export function instructionBlocks(allowance: Allowance): Check {
  return list(
    tagged({
      text: textBlock(allowance),
      ...toolChanges(allowance),
    }),
  );
}

/** Anthropic, "Mid-conversation tool changes" and, for definitions, "Define tools in a message". */
function toolChanges(allowance: Allowance): Record<string, Check> {
  if (!asksFor(allowance, 'mid-conversation-tool-changes', 'inline-tools')) return {};
  const cache_control = cacheControl(allowance);
  const tool_reference = model({ name: string() }, 'name');
  const tool_definition = model({ definition: toolOf(allowance) }, 'definition');
  const added = tagged({ tool_reference, ...(asksFor(allowance, 'inline-tools') && { tool_definition }) });
  return {
    tool_addition: model({ tool: added, cache_control }, 'tool'),
    tool_removal: model({ tool: tagged({ tool_reference }), cache_control }, 'tool'),
  };
}
