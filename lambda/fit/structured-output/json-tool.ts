import { parseToolInput } from '../../canonical/tool-input.ts';
import type { ConverseEvent, JsonObject } from '../../canonical/types.ts';
import { type EventMap, restoreByEvents } from '../restore-by-events.ts';
import { hasProperty } from '../schema/closed.ts';
import { onlyProperty, unwrapped } from '../schema/wrapped.ts';
import type { Restore } from '../types.ts';

/** The tool whose input is the answer. */
export interface JsonTool {
  name: string;
  /** The client's schema. */
  schema: JsonObject;
  /** The answer is the input's one property, because the schema cannot be a tool's. */
  wrapped: boolean;
}

/**
 * Renders the input of the JSON tool as the answer's text, as it arrives, and leaves out text around it: models
 * like to announce what they do, and the client parses all of it. Without a call of the tool the answer
 * passes as it is. Other calls pass.
 */
export function restoreJsonTool(tool: JsonTool): Restore {
  return restoreByEvents(() => {
    const rendering = new JsonRendering(tool);
    return (event) => rendering.map(event);
  });
}

class JsonRendering {
  readonly #tool: JsonTool;
  /** Events of text blocks that may turn out to stand around the JSON. */
  #held: ConverseEvent[] = [];
  #input: JsonInput | undefined;
  /** The block that the JSON is rendered in; calls of the tool after the first say it again. */
  #jsonIndex: number | undefined;
  readonly #dropped = new Set<number>();
  readonly #calls = new Set<number>();
  readonly #passing = new Set<number>();

  constructor(tool: JsonTool) {
    this.#tool = tool;
  }

  readonly map: EventMap = (event) => {
    if ('contentBlockStart' in event) return this.#start(event);
    if ('contentBlockDelta' in event) return this.#delta(event);
    if ('contentBlockStop' in event) return this.#stop(event);
    if (!('messageStop' in event)) return [event];
    const { stopReason } = event.messageStop;
    const answered = this.#jsonIndex !== undefined && this.#calls.size === 0 && stopReason === 'tool_use';
    return [
      ...this.#release(),
      answered ? { messageStop: { ...event.messageStop, stopReason: 'end_turn' } } : event,
    ];
  };

  #release(): ConverseEvent[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #start(event: Extract<ConverseEvent, { contentBlockStart: unknown }>): ConverseEvent[] {
    const { contentBlockIndex: index, start } = event.contentBlockStart;
    if (start.toolUse?.name !== this.#tool.name) {
      this.#passing.add(index);
      if (start.toolUse) this.#calls.add(index);
      return start.toolUse ? [...this.#release(), event] : [event];
    }
    this.#held = [];
    if (this.#jsonIndex === undefined) {
      this.#jsonIndex = index;
      this.#input = new JsonInput(this.#tool);
    } else this.#dropped.add(index);
    return [];
  }

  #delta(event: Extract<ConverseEvent, { contentBlockDelta: unknown }>): ConverseEvent[] {
    const { contentBlockIndex: index, delta } = event.contentBlockDelta;
    if (this.#dropped.has(index)) return [];
    if (index === this.#jsonIndex) {
      return 'toolUse' in delta ? this.#emit(this.#input?.add(delta.toolUse.input) ?? '') : [];
    }
    if (!this.#isText(index, delta)) {
      this.#passing.add(index);
      return [event];
    }
    if (this.#jsonIndex === undefined) this.#held.push(event);
    return [];
  }

  /** Citations go with the text that they are about. */
  #isText(index: number, delta: object): boolean {
    return !this.#passing.has(index) && ('text' in delta || 'citation' in delta);
  }

  #stop(event: Extract<ConverseEvent, { contentBlockStop: unknown }>): ConverseEvent[] {
    const { contentBlockIndex: index } = event.contentBlockStop;
    if (index === this.#jsonIndex) return [...this.#emit(this.#input?.end() ?? ''), event];
    if (this.#passing.has(index)) return [event];
    if (this.#jsonIndex === undefined) this.#held.push(event);
    return [];
  }

  #emit(text: string): ConverseEvent[] {
    if (text === '' || this.#jsonIndex === undefined) return [];
    return [{ contentBlockDelta: { contentBlockIndex: this.#jsonIndex, delta: { text } } }];
  }
}

/** Models now and then put the whole input into a property of this name. */
const needless = 'properties';

/** The input of the JSON tool on its way: released as it comes unless something must be taken off it. */
class JsonInput {
  readonly #tool: JsonTool;
  readonly #opening = `{"${needless}":`;
  #state: 'undecided' | 'kept' | 'released';
  #text = '';

  constructor(tool: JsonTool) {
    this.#tool = tool;
    this.#state = tool.wrapped ? 'kept' : 'undecided';
  }

  /** What can be released now. */
  add(fragment: string): string {
    if (this.#state === 'released') return fragment;
    this.#text += fragment;
    if (this.#state === 'kept') return '';
    const decided = this.#decided();
    this.#state = decided;
    return decided === 'released' ? this.#text : '';
  }

  /** The rest. */
  end(): string {
    if (this.#state === 'released') return '';
    if (this.#tool.wrapped) return unwrapped(this.#text) || '{}';
    const inner = onlyProperty(parseToolInput(this.#text), needless);
    return inner === undefined ? this.#text || '{}' : JSON.stringify(inner);
  }

  #decided(): 'undecided' | 'kept' | 'released' {
    const head = this.#text.replace(/\s/g, '');
    if (head === '') return 'undecided';
    if (hasProperty(this.#tool.schema, needless) || !agree(head, this.#opening)) return 'released';
    return head.length >= this.#opening.length ? 'kept' : 'undecided';
  }
}

/** One of the two begins with the other. */
const agree = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);
