import type { ConverseEvent, Delta } from '../../canonical/types.ts';
import { declaredNames } from '../content.ts';
import { type EventMap, restoreByEvents } from '../restore-by-events.ts';
import type { FitStep } from '../types.ts';
import { BlockRewriter } from './block-rewriter.ts';
import { readJsonCalls } from './json-calls.ts';
import { deepseekTokens, kimiTokens, type Markup } from './markup.ts';
import { LeakScanner, type Piece } from './scanner.ts';

/**
 * Some models let their own markup slip into what they say: Kimi's tool tokens in the text (anomalyco/opencode#13807)
 * and in the reasoning (Bike4Mind/bike4mind#1119), thinking between tags (recorded from Kimi K2 Thinking in the turn
 * after a tool result), Llama's calls as JSON. They become the calls and the reasoning that they are; calls only where
 * the client sent tools. Comes last, so that what it finds goes the other steps' ways back.
 */
export const fitLeaks: FitStep = (draft, { leaks }) => {
  const names = declaredNames(draft.request.toolConfig);
  const calls = names.length > 0;
  switch (leaks) {
    case undefined:
      return;
    case 'json-calls':
      if (calls) draft.restores.push(restoreByEvents(() => readJsonCalls(new Set(names))));
      return;
    case 'deepseek-tool-tokens':
      if (calls) draft.restores.push(restoreByEvents(() => cleaned({ tags: false, calls: deepseekTokens })));
      return;
    case 'kimi-tool-tokens':
    case 'think-tags': {
      const markup = { tags: true, ...(calls && leaks === 'kimi-tool-tokens' && { calls: kimiTokens }) };
      draft.restores.push(restoreByEvents(() => cleaned(markup)));
      return;
    }
    default:
      leaks satisfies never;
  }
};

function cleaned(markup: Markup): EventMap {
  const cleaning = new Cleaning(markup);
  return (event) => cleaning.map(event);
}

class Cleaning extends BlockRewriter {
  readonly #markup: Markup;
  readonly #ids = new Set<string>();
  /** The block that is read, what its own words are, and the block that is being emitted for it. */
  #scanner: LeakScanner | undefined;
  #scanned: { index: number; as: 'text' | 'reasoning' } = { index: -1, as: 'text' };
  #rendering: { kind: Piece['kind']; index: number } | undefined;

  constructor(markup: Markup) {
    super();
    this.#markup = markup;
  }

  protected get foundCalls(): boolean {
    return this.#ids.size > 0;
  }

  protected onDelta(index: number, delta: Delta): ConverseEvent[] {
    const words = this.isNumbered(index) ? undefined : this.#wordsOf(delta);
    if (words) {
      this.#scanned = { index, as: words.as };
      // Tags are what a model puts around its thinking: within it they are what it thinks about.
      this.#scanner ??= new LeakScanner({
        ...this.#markup,
        ...(words.as === 'reasoning' && { tags: false }),
      });
      return this.#scanner.add(words.text).flatMap((piece) => this.#emit(piece));
    }
    // A citation of the text that is being emitted, or the signature of the reasoning.
    if (this.#scanner && index === this.#scanned.index) return this.#emitDelta(this.#scanned.as, delta);
    return [{ contentBlockDelta: { contentBlockIndex: this.numberOf(index), delta } }];
  }

  #wordsOf(delta: Delta): { as: 'text' | 'reasoning'; text: string } | undefined {
    if ('text' in delta) return { as: 'text', text: delta.text };
    const text = 'reasoningContent' in delta ? delta.reasoningContent.text : undefined;
    return text !== undefined && this.#markup.calls ? { as: 'reasoning', text } : undefined;
  }

  protected onStop(index: number): ConverseEvent[] {
    if (index !== this.#scanned.index || !this.#scanner) {
      return this.isNumbered(index)
        ? [{ contentBlockStop: { contentBlockIndex: this.numberOf(index) } }]
        : [];
    }
    const rest = this.#scanner.end().flatMap((piece) => this.#emit(piece));
    this.#scanner = undefined;
    return [...rest, ...this.#close()];
  }

  #emit(piece: Piece): ConverseEvent[] {
    switch (piece.kind) {
      case 'text':
        if (this.#scanned.as === 'reasoning') return this.#emitReasoning(piece.text);
        return this.#emitDelta('text', { text: piece.text });
      case 'reasoning':
        return this.#emitReasoning(piece.text);
      case 'input':
        return this.#emitDelta('call', { toolUse: { input: piece.text } });
      case 'call': {
        const closed = this.#close();
        this.#rendering = { kind: 'call', index: this.newNumber() };
        const start = { toolUse: this.#callOf(piece.header) };
        return [...closed, { contentBlockStart: { contentBlockIndex: this.#rendering.index, start } }];
      }
      case 'end':
        return this.#close();
      default:
        return piece satisfies never;
    }
  }

  #emitReasoning(text: string): ConverseEvent[] {
    return this.#emitDelta('reasoning', { reasoningContent: { text } });
  }

  #emitDelta(kind: Piece['kind'], delta: Delta): ConverseEvent[] {
    const closed = this.#rendering?.kind === kind ? [] : this.#close();
    this.#rendering ??= { kind, index: this.newNumber() };
    return [...closed, { contentBlockDelta: { contentBlockIndex: this.#rendering.index, delta } }];
  }

  #close(): ConverseEvent[] {
    if (!this.#rendering) return [];
    const { index } = this.#rendering;
    this.#rendering = undefined;
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
