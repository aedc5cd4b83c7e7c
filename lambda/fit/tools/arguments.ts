import { isToolUse } from '../../canonical/blocks.ts';
import { parseToolInput } from '../../canonical/tool-input.ts';
import type { ConverseEvent, Json, Message, Tool } from '../../canonical/types.ts';
import { mapContent } from '../content.ts';
import { listedTools, warn } from '../notes.ts';
import { type EventMap, restoreByEvents } from '../restore-by-events.ts';
import { isObject } from '../schema/keywords.ts';
import { renamedMembers } from '../schema/root-keys.ts';
import { unwrapped, wrapper } from '../schema/wrapped.ts';
import type { Draft, FitStep } from '../types.ts';
import { argumentsSchema } from './arguments-schema.ts';
import { KeyRenaming } from './key-renaming.ts';
import type { Aliases } from './renaming.ts';

/** How a tool's arguments differ from what the client knows: other names, or the value under one property. */
type Form = { keys: Aliases } | 'wrapped';

/**
 * The arguments of tools as the model takes them: the schemas, the calls of the history alike, and the way back, whole
 * and streamed. Comes before `fitTurns`, which wants each input to be an object, and before `fitTools`, which gives
 * tools other names: here they have the client's.
 */
export const fitToolArguments: FitStep = (draft, capabilities) => {
  const { toolConfig } = draft.request;
  if (!toolConfig || !capabilities.tools) return;
  const forms = new Map<string, Form>();
  const losses = new Map<string, string[]>();
  const seen = new Set<string>();
  const tools = toolConfig.tools.map((tool): Tool => {
    // Of two with one name only the first is used.
    if (!('toolSpec' in tool) || seen.has(tool.toolSpec.name)) return tool;
    const { name, description, inputSchema } = tool.toolSpec;
    seen.add(name);
    const { schema, rule, lost, keys, wrapped } = argumentsSchema(inputSchema.json, capabilities);
    if (keys) forms.set(name, { keys });
    if (wrapped) forms.set(name, 'wrapped');
    for (const what of lost) {
      const names = losses.get(what) ?? [];
      names.push(name);
      losses.set(what, names);
    }
    if (schema === inputSchema.json && rule === undefined) return tool;
    const told = [description, rule].filter((text) => text?.trim()).join('\n\n');
    return {
      toolSpec: { ...tool.toolSpec, ...(told && { description: told }), inputSchema: { json: schema } },
    };
  });
  draft.request.toolConfig = { ...toolConfig, tools };
  for (const [what, names] of losses) warn(draft, `${what} in the parameters of ${listedTools(names)}`);
  if (forms.size > 0) translate(draft, forms);
};

function translate(draft: Draft, forms: ReadonlyMap<string, Form>): void {
  draft.request.messages = withForms(draft.request.messages, forms);
  draft.restores.push(restoreByEvents(() => restoring(forms)));
}

function withForms(messages: readonly Message[], forms: ReadonlyMap<string, Form>): Message[] {
  return mapContent(messages, (content) => {
    if (!content.some((block) => isToolUse(block) && forms.has(block.toolUse.name))) return content;
    return content.map((block) => {
      const form = isToolUse(block) ? forms.get(block.toolUse.name) : undefined;
      if (!form || !isToolUse(block)) return block;
      return { toolUse: { ...block.toolUse, input: asSent(block.toolUse.input, form) } };
    });
  });
}

function asSent(input: Json, form: Form): Json {
  if (form === 'wrapped') return { [wrapper]: input };
  return isObject(input) ? renamedMembers(input, form.keys) : input;
}

/** The input of one call on its way to the client. */
interface Input {
  add(fragment: string): string;
  end(): string;
}

class Unwrapping implements Input {
  #text = '';

  add(fragment: string): string {
    this.#text += fragment;
    return '';
  }

  /** The value as JSON: an input that is not wrapped as asked, or was cut off, stays what it is. */
  end(): string {
    const value = unwrapped(parseToolInput(this.#text));
    return value === undefined ? this.#text : JSON.stringify(value);
  }
}

function restoring(forms: ReadonlyMap<string, Form>): EventMap {
  const inputs = new Map<number, Input>();
  return (event) => {
    if ('contentBlockStart' in event) {
      const { contentBlockIndex, start } = event.contentBlockStart;
      const form = start.toolUse && forms.get(start.toolUse.name);
      if (form)
        inputs.set(contentBlockIndex, form === 'wrapped' ? new Unwrapping() : new KeyRenaming(form.keys));
      return [event];
    }
    if ('contentBlockDelta' in event) {
      const { contentBlockIndex, delta } = event.contentBlockDelta;
      const input = 'toolUse' in delta ? inputs.get(contentBlockIndex) : undefined;
      return input && 'toolUse' in delta
        ? fragments(contentBlockIndex, input.add(delta.toolUse.input))
        : [event];
    }
    if (!('contentBlockStop' in event)) return [event];
    const { contentBlockIndex } = event.contentBlockStop;
    return [...fragments(contentBlockIndex, inputs.get(contentBlockIndex)?.end() ?? ''), event];
  };
}

function fragments(contentBlockIndex: number, input: string): ConverseEvent[] {
  return input === '' ? [] : [{ contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } } }];
}
