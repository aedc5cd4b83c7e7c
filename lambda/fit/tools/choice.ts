import { isCachePoint } from '../../canonical/blocks.ts';
import type { JsonObject, Tool, ToolChoice, ToolConfig } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { addExtra } from '../extra-fields.ts';
import { addInstruction } from '../instruction.ts';
import { ignore, warn } from '../notes.ts';
import type { Draft, FitStep } from '../types.ts';
import { withoutStrayCachePoints } from './specs.ts';

/**
 * The client's choice as the model takes it. Where a model cannot be told to call one tool, only that tool is
 * offered; where it cannot be told to call any, it is asked for a call by instruction and the client is warned. Comes after
 * the tools have their final names, because the instruction has them.
 */
export function fitToolChoice(draft: Draft, capabilities: Capabilities): void {
  const config = draft.request.toolConfig;
  if (config) draft.request.toolConfig = chosen(config, draft, capabilities);
}

function chosen(config: ToolConfig, draft: Draft, capabilities: Capabilities): ToolConfig {
  const { tools, toolChoice } = config;
  if (!toolChoice || 'auto' in toolChoice) return { tools };
  if ('tool' in toolChoice && capabilities.toolChoice.tool) return config;
  if (capabilities.toolChoice.any) return { tools: onlyChosen(config), toolChoice: { any: {} } };
  warn(draft, note`${field('toolChoice')} sent as auto: this model cannot be made to call a tool`);
  return askInstead(config, draft, capabilities);
}

/** Throws a 400 for a choice that is not among the tools. */
export function checkChoice({ tools, toolChoice }: ToolConfig): void {
  if (!toolChoice || !('tool' in toolChoice)) return;
  const { name } = toolChoice.tool;
  if (!tools.some((tool) => isNamed(tool, name))) throw unknownTool(name);
}

/**
 * Of a named tool only that one is offered, and the model is asked to call it: the most that is left where a choice is
 * refused, or taken and not obeyed.
 */
export function askInstead(config: ToolConfig, draft: Draft, capabilities: Capabilities): ToolConfig {
  const { toolChoice } = config;
  if (toolChoice && !('auto' in toolChoice)) {
    addInstruction(draft, capabilities, callDemand('tool' in toolChoice ? toolChoice.tool.name : undefined));
  }
  return { tools: onlyChosen(config) };
}

/** What a model is told that cannot be forced to call a tool; without a name: any of them. */
export const callDemand = (name: string | undefined): string =>
  `Answer by calling ${name === undefined ? 'at least one of the tools' : `the tool ${name}`}.`;

function onlyChosen({ tools, toolChoice }: ToolConfig): Tool[] {
  if (!toolChoice || !('tool' in toolChoice)) return tools;
  const { name } = toolChoice.tool;
  return withoutStrayCachePoints(tools.filter((tool) => isCachePoint(tool) || isNamed(tool, name)));
}

const isNamed = (tool: Tool, name: string): boolean => 'toolSpec' in tool && tool.toolSpec.name === name;

export function unknownTool(name: string) {
  return badRequest(
    note`${field('toolChoice')} names the tool ${JSON.stringify(name)}, which is not in \`${field('tools')}\`. Add the tool or choose another.`,
    field('toolChoice'),
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
    ignore(draft, 'parallelToolCalls');
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
