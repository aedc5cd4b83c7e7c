import type { ConverseEvent, Delta } from '../../canonical/types.ts';
import { type EventMap, restoreByEvents } from '../restore-by-events.ts';
import type { FitStep } from '../types.ts';
import { BlockRewriter } from './block-rewriter.ts';
import { readJsonCalls } from './json-calls.ts';
import { LeakScanner, type Piece } from './scanner.ts';

/**
 * Some models let their own markup slip into the answer's text: Kimi's tool tokens (anomalyco/opencode#13807),
 * thinking between tags (recorded from Kimi K2 Thinking in the turn after a tool result), Llama's calls as
 * JSON. They become the calls and the reasoning that they are; calls only where the client sent tools. Comes
 * last, so that what it finds goes the other steps' ways back.
 */
export const fitLeaks: FitStep = (draft, { leaks }) => {
  const names = (draft.request.toolConfig?.tools ?? []).flatMap((tool) =>
    'toolSpec' in tool ? [tool.toolSpec.name] : [],
  );
  switch (leaks) {
    case undefined:
      return;
    case 'json-calls':
      if (names.length > 0) draft.restores.push(restoreByEvents(() => readJsonCalls(new Set(names))));
      return;
    case 'kimi-tool-tokens':
    case 'think-tags':
      draft.restores.push(restoreByEvents(() => cleaned(leaks === 'kimi-tool-tokens' && names.length > 0)));
      return;
    default:
      leaks satisfies never;
  }
};

function cleaned(calls: boolean): EventMap {
  const cleaning = new Cleaning(calls);
  return (event) => cleaning.map(event);
}

class Cleaning extends BlockRewriter {
  readonly #calls: boolean;
  readonly #ids = new Set<string>();
  /** The text block that is open, and the block that is being told of it. */
  #scanner: LeakScanner | undefined;
  #scanned = -1;
  #telling: { kind: Piece['kind']; index: number } | undefined;

  constructor(calls: boolean) {
    super();
    this.#calls = calls;
  }

  protected get foundCalls(): boolean {
    return this.#ids.size > 0;
  }

  protected onDelta(index: number, delta: Delta): ConverseEvent[] {
    if ('text' in delta && !this.isNumbered(index)) {
      this.#scanner ??= new LeakScanner(this.#calls);
      this.#scanned = index;
      return this.#scanner.add(delta.text).flatMap((piece) => this.#tell(piece));
    }
    // A citation of the text that is being told.
    if (this.#scanner && index === this.#scanned) return this.#tellDelta('text', delta);
    return [{ contentBlockDelta: { contentBlockIndex: this.numberOf(index), delta } }];
  }

  protected onStop(index: number): ConverseEvent[] {
    if (index !== this.#scanned || !this.#scanner) {
      return this.isNumbered(index)
        ? [{ contentBlockStop: { contentBlockIndex: this.numberOf(index) } }]
        : [];
    }
    const rest = this.#scanner.end().flatMap((piece) => this.#tell(piece));
    this.#scanner = undefined;
    return [...rest, ...this.#close()];
  }

  #tell(piece: Piece): ConverseEvent[] {
    switch (piece.kind) {
      case 'text':
        return this.#tellDelta('text', { text: piece.text });
      case 'reasoning':
        return this.#tellDelta('reasoning', { reasoningContent: { text: piece.text } });
      case 'input':
        return this.#tellDelta('call', { toolUse: { input: piece.text } });
      case 'call': {
        const closed = this.#close();
        this.#telling = { kind: 'call', index: this.newNumber() };
        const start = { toolUse: this.#callOf(piece.header) };
        return [...closed, { contentBlockStart: { contentBlockIndex: this.#telling.index, start } }];
      }
      case 'end':
        return this.#close();
      default:
        return piece satisfies never;
    }
  }

  #tellDelta(kind: Piece['kind'], delta: Delta): ConverseEvent[] {
    const closed = this.#telling?.kind === kind ? [] : this.#close();
    this.#telling ??= { kind, index: this.newNumber() };
    return [...closed, { contentBlockDelta: { contentBlockIndex: this.#telling.index, delta } }];
  }

  #close(): ConverseEvent[] {
    if (!this.#telling) return [];
    const { index } = this.#telling;
    this.#telling = undefined;
    return [{ contentBlockStop: { contentBlockIndex: index } }];
  }

  /** Kimi writes `functions.<name>:<number>`, which is the call's id as well, or the name alone. */
  #callOf(header: string): { toolUseId: string; name: string } {
    const name = header.replace(/^functions\./, '').replace(/:\d+$/, '');
    let toolUseId = /:\d+$/.test(header) ? header : `functions.${name}:${this.#ids.size}`;
    for (let n = this.#ids.size; this.#ids.has(toolUseId); n += 1) toolUseId = `functions.${name}:${n}`;
    this.#ids.add(toolUseId);
    return { toolUseId, name };
  }
}
