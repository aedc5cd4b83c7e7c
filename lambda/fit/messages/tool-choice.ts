import type { JsonObject } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { callDemand, unknownTool } from '../tools/choice.ts';
import { type Claude, type NativeDraft, type NativeStep, objectAt } from './draft.ts';
import { nameOf } from './tool-names.ts';

/**
 * The client's choice as the model takes it: "`tool_choice`: type "tool" and "any" are not supported for this model."
 * there the model is asked for the call instead, and of a named tool only that one is offered. Runs after the tools and
 * the thinking, which may exclude each other.
 */
export const fitToolChoice: NativeStep = (draft, capabilities) => {
  const choice = objectAt(draft.body.tool_choice);
  if (!choice || draft.tools.length === 0) {
    delete draft.body.tool_choice;
    return;
  }
  const { type, name } = choice;
  if (type === 'tool' && typeof name === 'string' && !draft.tools.some((tool) => nameOf(tool) === name))
    throw unknownTool(name);
  if (type === 'tool' && !capabilities.toolChoice.tool) freeChoice(draft, choice, capabilities);
  else if (type === 'any' && !capabilities.toolChoice.any) freeChoice(draft, choice, capabilities);
};

function freeChoice(draft: NativeDraft, choice: JsonObject, { toolChoice }: Claude): void {
  if (choice.type === 'tool') draft.tools = draft.tools.filter((tool) => nameOf(tool) === choice.name);
  if (choice.type === 'tool' && toolChoice.any) {
    const { name: _, ...rest } = choice;
    draft.body.tool_choice = { ...rest, type: 'any' };
    return;
  }
  warn(draft, note`${field('toolChoice')} sent as auto: this model cannot be made to call a tool`);
  askInstead(draft, choice);
}

/** Leaves the choice to the model, and asks it for the call. */
export function askInstead(draft: NativeDraft, { name, ...rest }: JsonObject): void {
  draft.body.tool_choice = { ...rest, type: 'auto' };
  const text = callDemand(typeof name === 'string' ? name : undefined);
  const { system = [] } = draft;
  draft.system = [
    ...(typeof system === 'string' ? [{ type: 'text', text: system }] : system),
    { type: 'text', text },
  ];
}

/** Whether the model must call a tool. */
export const isForced = ({ body }: NativeDraft): boolean =>
  ['any', 'tool'].includes(String(objectAt(body.tool_choice)?.type));
