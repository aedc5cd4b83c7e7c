import { parseJsonObjects } from '../../canonical/json-objects.ts';
import type { ConverseEvent, Delta, JsonObject } from '../../canonical/types.ts';
import type { EventMap } from '../restore-by-events.ts';
import { fingerprint } from '../tools/renaming.ts';
import { BlockRewriter } from './block-rewriter.ts';

/** What Llama puts before a call that it writes as text. */
const pythonTag = '<|python_tag|>';

/**
 * Finds texts that are nothing but tool calls written as JSON, as Llama does now and then:
 * `{"type": "function", "name": "f", "parameters": {…}}`, several with a semicolon between. Only calls of
 * `names` count; a JSON answer that merely looks alike stays text. A text that cannot be one is not held back.
 */
export function readJsonCalls(names: ReadonlySet<string>): EventMap {
  const reading = new Reading(names);
  return (event) => reading.map(event);
}

class Reading extends BlockRewriter {
  readonly #names: ReadonlySet<string>;
  readonly #held = new Map<number, string>();
  protected foundCalls = false;

  constructor(names: ReadonlySet<string>) {
    super();
    this.#names = names;
  }

  protected onDelta(index: number, delta: Delta): ConverseEvent[] {
    if (!('text' in delta) || this.isNumbered(index))
      return [...this.#release(index), this.#emitted(index, delta)];
    const text = (this.#held.get(index) ?? '') + delta.text;
    this.#held.set(index, text);
    return mayBeCalls(text) ? [] : this.#release(index);
  }

  protected onStop(index: number): ConverseEvent[] {
    const calls = this.#callsIn(this.#held.get(index) ?? '');
    if (calls.length === 0) {
      const released = this.#release(index);
      return [...released, { contentBlockStop: { contentBlockIndex: this.numberOf(index) } }];
    }
    this.#held.delete(index);
    this.foundCalls = true;
    return calls.flatMap(({ name, input }) => {
      const contentBlockIndex = this.newNumber();
      const toolUseId = `call_${fingerprint(`${contentBlockIndex} ${name} ${input}`, 22)}`;
      return [
        { contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId, name } } } },
        { contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } } },
        { contentBlockStop: { contentBlockIndex } },
      ];
    });
  }

  #release(index: number): ConverseEvent[] {
    const text = this.#held.get(index);
    this.#held.delete(index);
    return text === undefined ? [] : [this.#emitted(index, { text })];
  }

  #emitted(index: number, delta: Delta): ConverseEvent {
    return { contentBlockDelta: { contentBlockIndex: this.numberOf(index), delta } };
  }

  /** All of the text, or nothing of it. */
  #callsIn(text: string): { name: string; input: string }[] {
    const objects = parseJsonObjects(bare(text)) ?? [];
    const calls = objects.map(callOf);
    const known = calls.every((call) => call !== undefined && this.#names.has(call.name));
    return known ? calls.filter((call) => call !== undefined) : [];
  }
}

const bare = (text: string) => {
  const trimmed = text.trimStart();
  return trimmed.startsWith(pythonTag) ? trimmed.slice(pythonTag.length).trimStart() : trimmed;
};

function mayBeCalls(text: string): boolean {
  const rest = bare(text);
  return rest === '' || rest.startsWith('{') || pythonTag.startsWith(rest);
}

function callOf({
  type = 'function',
  name,
  ...rest
}: JsonObject): { name: string; input: string } | undefined {
  const [given, ...more] = Object.entries(rest);
  if (type !== 'function' || typeof name !== 'string' || more.length > 0) return undefined;
  if (!given) return { name, input: '{}' };
  const [key, input] = given;
  const isInput = key === 'parameters' || key === 'arguments';
  if (!isInput || typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return { name, input: JSON.stringify(input) };
}
