import { isCachePoint, isToolResult, isToolUse } from '../../canonical/blocks.ts';
import type { ContentBlock, Tool, ToolConfig } from '../../canonical/types.ts';
import { unsupported } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { declaredNames } from '../content.ts';
import { addInstruction } from '../instruction.ts';
import { warn } from '../notes.ts';
import type { Draft, FitStep } from '../types.ts';
import { checkChoice, fitToolChoice } from './choice.ts';
import {
  historyAsText,
  renameHistory,
  type ToolHistory,
  toolHistory,
  withoutResultStatus,
} from './history.ts';
import { toolIds } from './ids.ts';
import { declareTools, noMoreCalls, withoutCalls } from './inert.ts';
import { restoreToolNames, toolNames } from './names.ts';
import { fitToolSpecs } from './specs.ts';

/** Tools, the choice among them and the calls in the history. Comes after `fitTurns`. */
export const fitTools: FitStep = (draft, capabilities) => {
  const tools = draft.request.toolConfig?.tools ?? [];
  const given = tools.some((tool) => !isCachePoint(tool));
  if (!capabilities.tools) {
    withoutTools(draft, given);
    return;
  }
  const history = toolHistory(draft.request.messages);
  const mayCall = given && !draft.intent.toolChoiceNone;
  if (mayCall) {
    draft.request.toolConfig = { ...draft.request.toolConfig, tools: fitToolSpecs(tools, draft) };
    checkChoice(draft.request.toolConfig);
  } else if (history.ids.size > 0) {
    forbidCalls(draft, capabilities, given ? fitToolSpecs(tools, draft) : declareTools(history.names));
  } else delete draft.request.toolConfig;
  rename(draft, capabilities, history);
  if (mayCall) fitToolChoice(draft, capabilities);
  if (!capabilities.toolResultStatus) draft.request.messages = withoutResultStatus(draft.request.messages);
  // "This model doesn't support tool use in streaming mode."
  if (draft.request.toolConfig && !capabilities.toolsInStream) draft.streamable = false;
};

/**
 * Many clients send their tools with every chat, whatever the model: they are left out, and the client is warned. A
 * choice that demands a call cannot be honoured.
 */
function withoutTools(draft: Draft, given: boolean): void {
  const { toolConfig, messages } = draft.request;
  const { toolChoice = { auto: {} } } = toolConfig ?? {};
  if (given && !draft.intent.toolChoiceNone) {
    if (!('auto' in toolChoice)) {
      const choice = field('toolChoice');
      throw unsupported(
        note`The model \`${draft.model}\` cannot call tools, and ${choice} demands a call. Leave ${choice} out or choose a model that can call tools.`,
        choice,
      );
    }
    warn(draft, note`${field('tools')} left out: the model takes none`);
  }
  delete draft.request.toolConfig;
  if (!messages.some(({ content }) => content.some(isOfTools))) return;
  draft.request.messages = historyAsText(messages);
  warn(draft, note`earlier tool calls sent as text: the model takes no tools`);
}

const isOfTools = (block: ContentBlock): boolean => isToolUse(block) || isToolResult(block);

/**
 * Converse has no tool choice "none", and a history with calls needs its tools declared. So they stay (which
 * keeps a cached prefix that begins with them), the model is told, and a call made all the same is left out.
 */
function forbidCalls(draft: Draft, capabilities: Capabilities, tools: Tool[]): void {
  draft.request.toolConfig = { tools };
  addInstruction(draft, capabilities, noMoreCalls);
  draft.restores.push(withoutCalls);
}

function rename(draft: Draft, capabilities: Capabilities, history: ToolHistory): void {
  const { toolConfig, messages } = draft.request;
  const names = toolNames([...declaredNames(toolConfig), ...history.names], capabilities);
  const ids = toolIds(history.ids, capabilities);
  if (toolConfig && names.changed) {
    draft.request.toolConfig = renamedConfig(toolConfig, (name) => names.to(name));
    draft.restores.push(restoreToolNames(names));
  }
  if (names.changed || ids.changed) draft.request.messages = renameHistory(messages, names, ids);
}

function renamedConfig({ tools, toolChoice }: ToolConfig, to: (name: string) => string): ToolConfig {
  return {
    tools: tools.map((tool) =>
      'toolSpec' in tool ? { toolSpec: { ...tool.toolSpec, name: to(tool.toolSpec.name) } } : tool,
    ),
    ...(toolChoice && {
      toolChoice: 'tool' in toolChoice ? { tool: { name: to(toolChoice.tool.name) } } : toolChoice,
    }),
  };
}
