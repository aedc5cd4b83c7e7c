import { isObject } from '../../canonical/json.ts';
import type { NativeSettings } from '../../canonical/native.ts';
import type { ToolChanges } from '../../canonical/tool-changes.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import type { Note } from '../../fields.ts';
import type { Capabilities, MessagesTraits } from '../../models/capabilities.ts';

/** A content block, or a tool: an object whose members are the client's. */
export type Block = JsonObject;

export interface Turn {
  /** user, assistant or system. */
  role: string;
  content: string | Block[];
  /** Of a system message. */
  output_config?: JsonObject;
}

/**
 * A client's own body on its way through the steps. The draft's own are the body's first level and its lists; what
 * they hold is shared with the client's request and must be replaced, never changed.
 */
export interface NativeDraft {
  /** All of the body but for the three that follow. */
  body: JsonObject;
  messages: Turn[];
  system: string | Block[] | undefined;
  tools: Block[];
  /** The flags that the client asks for. */
  readonly betas: readonly string[];
  settings: NativeSettings;
  readonly cacheMode: 'auto' | undefined;
  /** What the whole conversation has done to the tools. */
  readonly changes: ToolChanges;
  /** The model's name as it was asked for, for messages. */
  readonly model: string;
  readonly warnings: Note[];
  readonly ignored: Note[];
}

/** What is known of a model that speaks the API. */
export type Claude = Capabilities & { messages: MessagesTraits };

/** One concern, one file. Throws GatewayError (400) for what would change the answer and cannot be honoured. */
export type NativeStep = (draft: NativeDraft, capabilities: Claude) => void;

export const takesFlag = ({ messages }: Claude, ...flags: readonly string[]): boolean =>
  flags.some((flag) => messages.betas.includes(flag));

/** A list of objects; whatever else stands in it could only be refused. */
export const blocksIn = (value: Json | undefined): Block[] =>
  Array.isArray(value) ? value.filter((item): item is Block => isObject(item)) : [];

/** A content as blocks; a text is one. */
export const blocksOf = (content: string | Block[]): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

export const objectAt = (value: Json | undefined): JsonObject | undefined =>
  isObject(value) ? (value as JsonObject) : undefined;

/** The turns with the content that `change` makes of lists of blocks; a turn whose list comes back stays as it is. */
export function mapBlocks(turns: Turn[], change: (blocks: Block[], turn: Turn) => Block[]): Turn[] {
  return turns.map((turn) => {
    if (typeof turn.content === 'string') return turn;
    const content = change(turn.content, turn);
    return content === turn.content ? turn : { ...turn, content };
  });
}

/** The same list where `change` gives back every item as it was. What it gives undefined for is left out. */
export function mapKept<T>(items: T[], change: (item: T, index: number) => T | undefined): T[] {
  let changed: T[] | undefined;
  for (const [i, item] of items.entries()) {
    const next = change(item, i);
    if (next !== item) changed ??= items.slice(0, i);
    if (changed && next !== undefined) changed.push(next);
  }
  return changed ?? items;
}
