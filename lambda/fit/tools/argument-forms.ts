import { isToolUse } from '../../canonical/blocks.ts';
import { isObject } from '../../canonical/json.ts';
import type { ConverseEvent, Json, Message } from '../../canonical/types.ts';
import { mapContent } from '../content.ts';
import { type EventMap, restoreByEvents } from '../restore-by-events.ts';
import { renamedMembers } from '../schema/root-keys.ts';
import { unwrapped, wrapper } from '../schema/wrapped.ts';
import type { Restore } from '../types.ts';
import { KeyRenaming } from './key-renaming.ts';
import type { Aliases } from './renaming.ts';

/** How a tool's arguments differ from what the client knows: other names, or the value under one property. */
export type Form = { keys: Aliases } | 'wrapped';

/** The same conversation with the calls of these tools in the form that the model knows. */
export function withForms(messages: readonly Message[], forms: ReadonlyMap<string, Form>): Message[] {
  return mapContent(messages, (content) => {
    if (!content.some((block) => isToolUse(block) && forms.has(block.toolUse.name))) return content;
    return content.map((block) => {
      const form = isToolUse(block) ? forms.get(block.toolUse.name) : undefined;
      if (!form || !isToolUse(block)) return block;
      return { toolUse: { ...block.toolUse, input: asSent(block.toolUse.input, form) } };
    });
  });
}

/** The way back, for calls that have the client's names of tools. */
export function restoreForms(forms: ReadonlyMap<string, Form>): Restore {
  return restoreByEvents(() => restoring(forms));
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

  end(): string {
    return unwrapped(this.#text);
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
