import { bounds } from '../../bounds.ts';
import type { PartContext } from '../content/context.ts';
import { openResultId } from '../reasoning/sealed-id.ts';
import { type Fields, readName } from '../shared/json.ts';
import { calledTool, type OutputType } from './call-types.ts';
import type { StateContext } from './carried-state.ts';
import type { ToolNames } from './tool-names.ts';

/** What is needed to read calls and outputs. */
export interface CallContext extends PartContext, StateContext {
  names: ToolNames;
}

/**
 * Which call an output answers. Nearly all say it by `call_id`; the output of a local shell may have the id of the
 * call's item, and of a function the name alone, which then answers the first call of it that is open.
 */
export class OpenCalls {
  readonly #byItem = new Map<string, string>();
  readonly #byName = new Map<string, { ids: string[]; next: number }>();
  readonly #answered = new Set<string>();

  add(item: Fields, toolUseId: string, name: string): void {
    const { id } = item;
    if (typeof id === 'string' && id.length <= bounds.idCharacters) this.#byItem.set(id, toolUseId);
    const open = this.#byName.get(name) ?? { ids: [], next: 0 };
    open.ids.push(toolUseId);
    this.#byName.set(name, open);
  }

  answer(type: OutputType, item: Fields, path: string, context: CallContext): string {
    const id = this.#find(type, item, path, context);
    this.#answered.add(id);
    return id;
  }

  #find(type: OutputType, item: Fields, path: string, { names, stateKey }: CallContext): string {
    if (item.call_id != null) return openResultId(readName(item.call_id, `${path}.call_id`), stateKey);
    if (type === 'local_shell_call_output') {
      const id = readName(item.id, `${path}.id`);
      return this.#byItem.get(id.slice(0, bounds.idCharacters)) ?? openResultId(id, stateKey);
    }
    if (item.name == null) return readName(item.call_id ?? undefined, `${path}.call_id`);
    const called = names.nameOf(calledTool('function_call', item, path));
    const open = this.#byName.get(called);
    while (open && this.#answered.has(open.ids[open.next] ?? '')) open.next += 1;
    return open?.ids[open.next] ?? called;
  }
}
