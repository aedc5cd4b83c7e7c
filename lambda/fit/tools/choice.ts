import { isCachePoint } from '../../canonical/blocks.ts';
import type { JsonObject, Tool, ToolChoice, ToolConfig } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { addExtra } from '../extra-fields.ts';
import { ignore, warn } from '../notes.ts';
import type { Draft, FitStep } from '../types.ts';
import { withoutStrayCachePoints } from './specs.ts';

/**
 * The client's choice as the model takes it. Where a model cannot be told to call one tool, only that tool is
 * offered; where it cannot be told to call any, it decides itself and the client is warned.
 */
export function fitToolChoice(config: ToolConfig, draft: Draft, capabilities: Capabilities): ToolConfig {
  const { tools, toolChoice } = config;
  if (!toolChoice || 'auto' in toolChoice) return { tools };
  if ('tool' in toolChoice) {
    const { name } = toolChoice.tool;
    if (!tools.some((tool) => isNamed(tool, name))) throw unknownTool(name);
    if (capabilities.toolChoice.tool) return config;
    return fitAny(
      withoutStrayCachePoints(tools.filter((tool) => isCachePoint(tool) || isNamed(tool, name))),
      draft,
      capabilities,
    );
  }
  return fitAny(tools, draft, capabilities);
}

function fitAny(tools: Tool[], draft: Draft, { toolChoice, family }: Capabilities): ToolConfig {
  if (toolChoice.any) return { tools, toolChoice: { any: {} } };
  warn(draft, `tool_choice sent as auto: ${family} models cannot be made to call a tool`);
  return { tools };
}

const isNamed = (tool: Tool, name: string): boolean => 'toolSpec' in tool && tool.toolSpec.name === name;

function unknownTool(name: string) {
  return badRequest(
    `tool_choice names the tool ${JSON.stringify(name)}, which is not in \`tools\`. Add the tool or choose another.`,
    'tool_choice',
  );
}

/**
 * `parallel_tool_calls: false`. Claude takes it only in its own `tool_choice`, and a request that makes both
 * choices is refused (BerriAI/litellm#36536): the one in toolConfig moves there. Comes after every step that
 * chooses a tool.
 */
export const fitParallelCalls: FitStep = (draft, { disableParallelTools }) => {
  const { toolConfig } = draft.request;
  if (!toolConfig || draft.intent.parallelToolCalls !== false || draft.intent.toolChoiceNone) return;
  if (!disableParallelTools) {
    ignore(draft, 'parallel_tool_calls');
    return;
  }
  if (draft.request.additionalModelRequestFields?.tool_choice !== undefined) return;
  const { tools, toolChoice } = toolConfig;
  draft.request.toolConfig = { tools };
  addExtra(draft, 'tool_choice', { ...nativeChoice(toolChoice), disable_parallel_tool_use: true });
};

function nativeChoice(choice: ToolChoice | undefined): JsonObject {
  if (!choice || 'auto' in choice) return { type: 'auto' };
  return 'tool' in choice ? { type: 'tool', name: choice.tool.name } : { type: 'any' };
}
