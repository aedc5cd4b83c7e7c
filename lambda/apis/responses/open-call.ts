import {
  type CallIdentity,
  type CallItem,
  type ItemStatus,
  isStreamed,
  streamedCall,
  wholeCall,
} from './call-items.ts';
import { CustomInput } from './custom-input.ts';
import type { Events } from './events.ts';

/** How the events of a call's input are named. */
const inputs = {
  function: { name: 'function_call_arguments', field: 'arguments' },
  custom: { name: 'custom_tool_call_input', field: 'input' },
} as const;

/** A call while the model writes it. */
export interface OpenCall {
  open(): string;
  add(fragment: string): string;
  /** The model has written all of its input. */
  stopBlock(): string;
  close(status: ItemStatus): { item: CallItem; out: string };
  /** All that the model has written of its input. */
  readonly written: string;
}

export function openCall(identity: CallIdentity, index: number, events: Events): OpenCall {
  return isStreamed(identity.tool)
    ? new StreamedCallItem(identity, index, events)
    : new WholeCallItem(identity, index, events);
}

/** The call of a function or of a custom tool: its input is streamed. */
class StreamedCallItem implements OpenCall {
  written = '';
  readonly #identity: CallIdentity;
  readonly #index: number;
  readonly #events: Events;
  readonly #custom: CustomInput | undefined;
  readonly #names: (typeof inputs)[keyof typeof inputs];
  readonly #delta: (text: string) => string;
  #input = '';

  constructor(identity: CallIdentity, index: number, events: Events) {
    this.#identity = identity;
    this.#index = index;
    this.#events = events;
    const isCustom = identity.tool.kind === 'custom';
    this.#custom = isCustom ? new CustomInput() : undefined;
    this.#names = isCustom ? inputs.custom : inputs.function;
    const place = { item_id: identity.id, output_index: index };
    this.#delta = events.deltas(`response.${this.#names.name}.delta`, place);
  }

  open(): string {
    return this.#item('added', streamedCall(this.#identity, '', 'in_progress'));
  }

  add(fragment: string): string {
    this.written += fragment;
    return this.#emit(this.#custom ? this.#custom.add(fragment) : fragment);
  }

  /** A call without arguments may stream none at all; clients parse what they got. */
  stopBlock(): string {
    if (this.#custom) return this.#emit(this.#custom.end());
    return this.#input.trim() === '' ? this.#emit('{}') : '';
  }

  close(status: ItemStatus): { item: CallItem; out: string } {
    const { name, field } = this.#names;
    const item = streamedCall(this.#identity, this.#input, status);
    const fields = { item_id: this.#identity.id, output_index: this.#index, [field]: this.#input };
    const done = this.#events.event(`response.${name}.done`, fields);
    return { item, out: done + this.#item('done', item) };
  }

  #emit(text: string): string {
    this.#input += text;
    return text === '' ? '' : this.#delta(text);
  }

  #item(verb: 'added' | 'done', item: CallItem): string {
    return this.#events.event(`response.output_item.${verb}`, { output_index: this.#index, item });
  }
}

/** A call whose input is an object: it is announced when that is whole. */
class WholeCallItem implements OpenCall {
  written = '';
  readonly #identity: CallIdentity;
  readonly #index: number;
  readonly #events: Events;

  constructor(identity: CallIdentity, index: number, events: Events) {
    this.#identity = identity;
    this.#index = index;
    this.#events = events;
  }

  open(): string {
    return '';
  }

  add(fragment: string): string {
    this.written += fragment;
    return '';
  }

  stopBlock(): string {
    return '';
  }

  close(status: ItemStatus): { item: CallItem; out: string } {
    const output_index = this.#index;
    const begun = wholeCall(this.#identity, this.written, 'in_progress');
    const item = wholeCall(this.#identity, this.written, status);
    return {
      item,
      out:
        this.#events.event('response.output_item.added', { output_index, item: begun }) +
        this.#events.event('response.output_item.done', { output_index, item }),
    };
  }
}
