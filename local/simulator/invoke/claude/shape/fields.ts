import { type Allowance, asksFor } from '../allowance.ts';
import { contentBlocks, instructionBlocks } from './blocks.ts';
import { systemBlocks } from './media.ts';
import {
  anything,
  boolean,
  type Check,
  dictionary,
  extra,
  first,
  fraction,
  integer,
  list,
  literal,
  model,
  optional,
  string,
  tagged,
  textOr,
} from './pydantic.ts';
import { toolsOf } from './tools.ts';

/** Kinds that the model does not have are the business of the rules that Converse has as well. */
function thinking(allowance: Allowance): Check {
  const { thinking: family } = allowance.family;
  const displays = ['omitted', 'summarized'];
  if (asksFor(allowance, 'thinking-display-updates')) displays.push('updates');
  // Claude Code's Bedrock mode sends it from generation 5 on and leaves it out before.
  const shows = family.kind === 'claude' && family.signatureOnly ? literal(...displays) : undefined;
  const bound = asksFor(allowance, 'thinking-binding-controls') ? anything : undefined;
  const kinds: Record<string, Check> = {
    enabled: model({ budget_tokens: integer(0), display: shows, block_binding: bound }),
    adaptive: model({ display: shows, block_binding: bound }),
    between_tools: model({ display: shows, block_binding: bound }),
    disabled: model({}),
  };
  return (value, at) => {
    const { type } = (value ?? {}) as { type?: unknown };
    if (
      dictionary(value, at) === undefined &&
      type !== undefined &&
      !(typeof type === 'string' && Object.hasOwn(kinds, type))
    )
      return undefined;
    return tagged(kinds)(value, at);
  };
}

const outputConfig = model({
  effort: optional(string()),
  format: optional(tagged({ json_schema: model({ schema: dictionary }, 'schema') })),
});

/** Recorded: without the flag the whole field is an extra input. */
function contextManagement(allowance: Allowance): Check | undefined {
  const clears = asksFor(allowance, 'context-management');
  const compacts = asksFor(allowance, 'compact-2026-01-12');
  if (!clears && !compacts) return undefined;
  const edits = {
    ...(clears && { clear_tool_uses_20250919: dictionary, clear_thinking_20251015: dictionary }),
    ...(compacts && { compact_20260112: dictionary }),
  };
  return model({ edits: list(tagged(edits)) });
}

const parallel = { disable_parallel_tool_use: boolean };
const toolChoice = tagged({
  auto: model(parallel),
  any: model(parallel),
  tool: model({ name: string(), ...parallel }, 'name'),
  none: model({}),
});

/** Its role decides what a message may hold; the roles themselves depend on the model. */
function message(allowance: Allowance): Check {
  const effort = asksFor(allowance, 'mid-conversation-output-config', 'per-turn-control');
  const common = { role: anything };
  const turn = model({ ...common, content: textOr(contentBlocks(allowance)) }, 'role', 'content');
  const instruction = model(
    {
      ...common,
      content: textOr(instructionBlocks(allowance)),
      output_config: effort ? outputConfig : undefined,
    },
    'role',
    'content',
  );
  const role = literal('user', 'assistant');
  return (value, at) => {
    const said = (value as { role?: unknown } | null)?.role;
    if (said === 'system') return instruction(value, at);
    return (said === undefined ? undefined : role(said, `${at}.role`)) ?? turn(value, at);
  };
}

/** The members of a body that Converse has no place for, as they may stand in additionalModelRequestFields. */
export function ownFields(allowance: Allowance): (fields: Record<string, unknown>) => string | undefined {
  const members: Readonly<Record<string, Check | undefined>> = {
    top_k: integer(0),
    metadata: model({ user_id: optional(string()) }),
    thinking: thinking(allowance),
    // An older name that is still taken (recorded).
    reasoning_config: thinking(allowance),
    output_config: outputConfig,
    tools: toolsOf(allowance),
    tool_choice: toolChoice,
    context_management: contextManagement(allowance) ?? ((_, at) => extra(at)),
  };
  return (fields) =>
    first(Object.entries(fields), ([name, value]) =>
      value === undefined || !Object.hasOwn(members, name) ? undefined : members[name]?.(value, name),
    );
}

/** The whole body but for its version and flags, which are looked at before. */
export function bodyShape(allowance: Allowance): Check {
  const tools = allowance.family.tools === 'refused' ? undefined : toolsOf(allowance);
  return model(
    {
      anthropic_version: anything,
      anthropic_beta: anything,
      max_tokens: integer(1),
      messages: list(message(allowance)),
      system: textOr(systemBlocks(allowance)),
      stop_sequences: list(string()),
      temperature: fraction,
      top_p: fraction,
      top_k: integer(0),
      metadata: model({ user_id: optional(string()) }),
      thinking: thinking(allowance),
      output_config: outputConfig,
      tools,
      tool_choice: tools && toolChoice,
      context_management: contextManagement(allowance),
      compaction: asksFor(allowance, 'compact-2026-09-04') ? dictionary : undefined,
    },
    'max_tokens',
    'messages',
  );
}
