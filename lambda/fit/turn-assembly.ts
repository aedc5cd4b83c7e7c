import { isBlankText, isCachePoint, isClientToolUse, isToolResult } from '../canonical/blocks.ts';
import { toolInputText } from '../canonical/tool-input.ts';
import type {
  CachePointBlock,
  ContentBlock,
  Message,
  Role,
  ToolResultBlock,
  ToolUseBlock,
} from '../canonical/types.ts';
import { resultAsText } from './tool-text.ts';

/** A block with the cache points that stand behind it, which go wherever it goes. */
export type Unit = [ContentBlock, ...CachePointBlock[]];

export interface Turn {
  role: Role;
  units: Unit[];
  /** Assistant turns: what the client's tools answered to the calls of this turn, in the client's order. */
  results: Unit[];
  /** Assistant turns: ids of the calls that no result has come for yet. */
  open: Set<string>;
}

/** The calls of one turn that share one id, in order. */
interface Calls {
  turn: Turn;
  /** The ids under which they are sent. */
  ids: string[];
  answered: number;
  last: ToolUseBlock | undefined;
}

export interface Assembled {
  turns: Turn[];
  duplicateResults: number;
  orphanResults: number;
  /** A cache point that stood before everything else. */
  leadingCachePoint: CachePointBlock | undefined;
}

/**
 * Messages as turns: neighbours of one role joined in order, blank text gone, each tool result put to the
 * call it answers. A result belongs to the latest call before it with its id: some models number their calls
 * from 0 in every answer, so ids repeat, and are made unique here. A second result for a call is left out; a
 * result without a call becomes text. System messages keep their place as turns of their own.
 */
export function assembleTurns(messages: readonly Message[]): Assembled {
  return new Assembly().run(messages);
}

class Assembly {
  readonly #out: Assembled = {
    turns: [],
    duplicateResults: 0,
    orphanResults: 0,
    leadingCachePoint: undefined,
  };
  readonly #calls = new Map<string, Calls>();
  readonly #usedIds = new Set<string>();
  readonly #repeats = new Map<string, number>();
  #lastUnit: Unit | undefined;

  run(messages: readonly Message[]): Assembled {
    for (const { role, content } of messages) {
      for (const block of content) this.#add(role, block);
    }
    return this.#out;
  }

  #add(role: Role, block: ContentBlock): void {
    if (isBlankText(block)) return;
    if (isCachePoint(block)) this.#addCachePoint(block);
    else if (role === 'user' && isToolResult(block)) this.#addResult(block);
    else if (role === 'assistant' && isClientToolUse(block)) this.#addCall(block);
    else this.#append(role, block);
  }

  #turn(role: Role): Turn {
    const last = this.#out.turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, units: [], results: [], open: new Set() };
    this.#out.turns.push(turn);
    return turn;
  }

  #append(role: Role, block: ContentBlock): void {
    this.#lastUnit = [block];
    this.#turn(role).units.push(this.#lastUnit);
  }

  // A block that was left out leaves its cache point to the one before it: the cached prefix is the same.
  #addCachePoint(block: CachePointBlock): void {
    if (!this.#lastUnit) this.#out.leadingCachePoint = block;
    else if (this.#lastUnit.length === 1) this.#lastUnit.push(block);
  }

  #addCall(block: ToolUseBlock): void {
    const { toolUseId } = block.toolUse;
    const turn = this.#turn('assistant');
    let calls = this.#calls.get(toolUseId);
    if (calls?.turn !== turn) {
      calls = { turn, ids: [], answered: 0, last: undefined };
      this.#calls.set(toolUseId, calls);
    }
    if (calls.last && sameCall(calls.last, block)) return;
    const id = this.#uniqueId(toolUseId);
    calls.ids.push(id);
    calls.last = block;
    turn.open.add(id);
    this.#append('assistant', id === toolUseId ? block : { toolUse: { ...block.toolUse, toolUseId: id } });
  }

  #uniqueId(id: string): string {
    let repeat = this.#repeats.get(id) ?? 0;
    let unique = id;
    while (this.#usedIds.has(unique)) {
      repeat += 1;
      unique = `${id}_${repeat + 1}`;
    }
    this.#repeats.set(id, repeat);
    this.#usedIds.add(unique);
    return unique;
  }

  #addResult(block: ToolResultBlock): void {
    const calls = this.#calls.get(block.toolResult.toolUseId);
    const id = calls?.ids[calls.answered];
    if (!calls) {
      this.#out.orphanResults += 1;
      for (const part of resultAsText(block, 'an earlier tool call')) this.#append('user', part);
    } else if (id === undefined) this.#out.duplicateResults += 1;
    else {
      calls.answered += 1;
      calls.turn.open.delete(id);
      this.#lastUnit = [cleanResult(block, id)];
      calls.turn.results.push(this.#lastUnit);
      // What the assistant says next is another turn.
      if (calls.turn === this.#out.turns.at(-1)) this.#turn('user');
    }
  }
}

function sameCall({ toolUse: a }: ToolUseBlock, { toolUse: b }: ToolUseBlock): boolean {
  return a.name === b.name && toolInputText(a.input) === toolInputText(b.input);
}

/** Bedrock: "The content field at ... toolResult cannot be empty when status value is error." */
function cleanResult(block: ToolResultBlock, toolUseId: string): ToolResultBlock {
  const { toolResult } = block;
  const content = toolResult.content.filter((part) => !isBlankText(part));
  if (content.length === 0 && toolResult.status === 'error') {
    content.push({ text: 'The tool failed without a message.' });
  }
  return { toolResult: { ...toolResult, toolUseId, content } };
}
