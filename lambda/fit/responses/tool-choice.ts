import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { isAcceptedTool } from './tools.ts';

const modes: ReadonlySet<unknown> = new Set(['none', 'auto', 'required', 'any']);

/**
 * A choice as OpenAI has it in Responses: clients write a mode as an object, or nest what is chosen, as Chat Completions
 * and others have it. Tools that were left out are not among those that are allowed.
 */
export function acceptedChoice(choice: Json): Json {
  if (!isObject(choice)) return modeOf(choice);
  if (modes.has(choice.type)) return modeOf(choice.type as string);
  const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
  if (choice.type === 'allowed_tools' || allowed !== choice) return allowedTools(allowed as JsonObject);
  return named(choice as JsonObject);
}

const modeOf = (mode: Json): Json => (mode === 'any' ? 'required' : mode);

function allowedTools({ mode, tools }: JsonObject): Json {
  const left = (Array.isArray(tools) ? tools : []).flatMap((tool): Json[] => {
    if (!isObject(tool)) return [];
    const chosen = named(tool as JsonObject);
    return isAcceptedTool(chosen.type) ? [chosen] : [];
  });
  if (left.length === 0) return 'none';
  return { type: 'allowed_tools', mode: mode == null ? 'auto' : modeOf(mode), tools: left };
}

/** A tool that is named, with its type. */
function named({ function: called, custom, ...choice }: JsonObject): JsonObject {
  const [type, inner] = isObject(custom) ? (['custom', custom] as const) : (['function', called] as const);
  if (isObject(inner)) return { ...choice, ...(inner as JsonObject), type };
  return choice.type == null && choice.name != null ? { ...choice, type: 'function' } : choice;
}
