import { isBlankText, isCachePoint, isClientToolUse, isToolResult } from '../../canonical/blocks.ts';
import { isObject } from '../../canonical/json.ts';
import { objectInput, toolInputText } from '../../canonical/tool-input.ts';
import type {
  CachePointBlock,
  ContentBlock,
  Message,
  Role,
  ToolResultBlock,
  ToolUseBlock,
} from '../../canonical/types.ts';
import { noOutput, resultAsText } from './tool-text.ts';

/** In its lists the cache point behind a block belongs to that block, and goes wherever it goes. */
export interface Turn {
  role: Role;
  content: ContentBlock[];
  /** Assistant turns that call the client's tools. */
  answers?: Answers;
}

interface Answers {
  /** What the tools answered to the calls of the turn, in the client's order. */
  results: ContentBlock[];
  /** Ids of the calls. */
  ids: string[];
}

/** The calls of one turn that share one id, in order. */
interface Calls {
  turn: Turn;
  answers: Answers;
  /** The ids under which they are sent. */
  ids: string[];
  answered: number;
  last: ToolUseBlock;
}

export interface Assembled {
  turns: Turn[];
  /** Ids of the calls that a result has come for. */
  answered: Set<string>;
  duplicateResults: number;
  orphanResults: number;
  /** Calls whose arguments are no JSON object. */
  invalidInputs: number;
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
    answered: new Set(),
    duplicateResults: 0,
    orphanResults: 0,
    invalidInputs: 0,
    leadingCachePoint: undefined,
  };
  readonly #calls = new Map<string, Calls>();
  readonly #usedIds = new Set<string>();
  readonly #repeats = new Map<string, number>();
  /** The list that the last block went to. */
  #latest: ContentBlock[] | undefined;

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

  #append(role: Role, block: ContentBlock): Turn {
    let turn = this.#out.turns.at(-1);
    if (turn?.role === role) turn.content.push(block);
    else {
      turn = { role, content: [block] };
      this.#out.turns.push(turn);
    }
    this.#latest = turn.content;
    return turn;
  }

  // A block that was left out leaves its cache point to the one before it: the cached prefix is the same.
  #addCachePoint(block: CachePointBlock): void {
    if (!this.#latest) this.#out.leadingCachePoint = block;
    else if (!isCachePoint(this.#latest.at(-1)!)) this.#latest.push(block);
  }

  #addCall(given: ToolUseBlock): void {
    const block = this.#withObject(given);
    const { toolUseId } = block.toolUse;
    const calls = this.#calls.get(toolUseId);
    const again = calls?.turn === this.#out.turns.at(-1) ? calls : undefined;
    if (again && sameCall(again.last, block)) return;
    const id = this.#uniqueId(toolUseId);
    const sent = id === toolUseId ? block : { toolUse: { ...block.toolUse, toolUseId: id } };
    const turn = this.#append('assistant', sent);
    if (turn.answers) turn.answers.ids.push(id);
    else turn.answers = { results: [], ids: [id] };
    if (again) {
      again.ids.push(id);
      again.last = block;
    } else {
      this.#calls.set(toolUseId, { turn, answers: turn.answers, ids: [id], answered: 0, last: block });
    }
  }

  #withObject(block: ToolUseBlock): ToolUseBlock {
    const { toolUse } = block;
    if (isObject(toolUse.input)) return block;
    this.#out.invalidInputs += 1;
    return { toolUse: { ...toolUse, input: objectInput(toolUse.input) } };
  }

  #uniqueId(id: string): string {
    if (!this.#usedIds.has(id)) {
      this.#usedIds.add(id);
      return id;
    }
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
      this.#out.answered.add(id);
      this.#latest = calls.answers.results;
      this.#latest.push(cleanResult(block, id));
      // What the assistant says next is another turn.
      if (calls.turn === this.#out.turns.at(-1)) this.#out.turns.push({ role: 'user', content: [] });
    }
  }
}

function sameCall({ toolUse: a }: ToolUseBlock, { toolUse: b }: ToolUseBlock): boolean {
  return a.name === b.name && toolInputText(a.input) === toolInputText(b.input);
}

/**
 * A result without content is refused by some families (Nemotron: strands-agents/harness-sdk#2122), and where it is
 * an error by all: "The content field at ... toolResult cannot be empty when status value is error."
 */
function cleanResult(block: ToolResultBlock, toolUseId: string): ToolResultBlock {
  const { toolResult } = block;
  const fine = toolResult.content.length > 0 && !toolResult.content.some(isBlankText);
  if (fine && toolResult.toolUseId === toolUseId) return block;
  const content = toolResult.content.filter((part) => !isBlankText(part));
  if (content.length === 0) {
    content.push({ text: toolResult.status === 'error' ? 'The tool failed without a message.' : noOutput });
  }
  return { toolResult: { ...toolResult, toolUseId, content } };
}
