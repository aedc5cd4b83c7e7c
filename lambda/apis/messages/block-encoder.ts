import { joinBase64, type ReasoningDelta } from '../../canonical/reasoning.ts';
import type { Delta, JsonObject } from '../../canonical/types.ts';
import { citationOf } from './citations.ts';
import { deltaClose, deltaOpen, event, quoted } from './events.ts';
import type { Rendering } from './rendering.ts';

type Kind = 'text' | 'thinking' | 'tool_use';

/** What a block of each kind begins with. */
const empty = {
  text: { type: 'text', text: '' },
  thinking: { type: 'thinking', thinking: '', signature: '' },
} as const;

/**
 * Encodes one content block of a Converse stream. For the client it begins with the first that it has to say: Converse
 * announces tool calls alone, and a block that stays empty is none. What a block of Converse has of two kinds becomes
 * two blocks.
 */
export class BlockEncoder {
  readonly #rendering: Rendering;
  /** Numbers the blocks of the client. */
  readonly #nextIndex: () => number;
  #kind: Kind | undefined;
  #index = 0;
  #deltaOpen = '';
  /** Comes in pieces and goes out in one, when the block ends: clients keep the last that they get. */
  #signature: string | undefined;
  /** The same of base64 bytes. */
  #redacted: string | undefined;

  constructor(rendering: Rendering, nextIndex: () => number) {
    this.#rendering = rendering;
    this.#nextIndex = nextIndex;
  }

  startTool({ toolUseId: id, name }: { toolUseId: string; name: string }): string {
    return this.#start('tool_use', { type: 'tool_use', id, name, input: {} });
  }

  add(delta: Delta): string {
    if ('text' in delta) return delta.text === '' ? '' : this.#become('text') + this.#string(delta.text);
    if ('toolUse' in delta) {
      const { input } = delta.toolUse;
      return input === '' || this.#kind !== 'tool_use' ? '' : this.#string(input);
    }
    if ('reasoningContent' in delta) return this.#addReasoning(delta.reasoningContent);
    if ('citation' in delta) {
      const citation = citationOf(delta.citation);
      return citation ? this.#become('text') + this.#cite(citation) : '';
    }
    return '';
  }

  close(): string {
    const stopped = this.#stop();
    if (this.#redacted === undefined) return stopped;
    const index = this.#nextIndex();
    const block = { type: 'redacted_thinking', data: this.#redacted };
    this.#redacted = undefined;
    return `${stopped}${event('content_block_start', { index, content_block: block })}${event('content_block_stop', { index })}`;
  }

  #addReasoning({ text, signature, redactedContent }: ReasoningDelta): string {
    if (redactedContent !== undefined) {
      this.#redacted = joinBase64(this.#redacted ?? '', redactedContent);
      return '';
    }
    if (this.#rendering.hideReasoning && signature === undefined) return '';
    const started = this.#become('thinking');
    if (signature !== undefined) this.#signature = joinBase64(this.#signature ?? '', signature);
    return text && !this.#rendering.hideReasoning ? started + this.#string(text) : started;
  }

  #become(kind: 'text' | 'thinking'): string {
    return this.#kind === kind ? '' : this.#start(kind, empty[kind]);
  }

  #start(kind: Kind, block: object): string {
    const stopped = this.#stop();
    this.#kind = kind;
    this.#index = this.#nextIndex();
    this.#deltaOpen = deltaOpen(this.#index, kind);
    return stopped + event('content_block_start', { index: this.#index, content_block: block });
  }

  #string(text: string): string {
    return this.#deltaOpen + quoted(text) + deltaClose;
  }

  #cite(citation: JsonObject): string {
    const delta = { type: 'citations_delta', citation };
    return event('content_block_delta', { index: this.#index, delta });
  }

  /** The end of what has begun for the client. */
  #stop(): string {
    if (this.#kind === undefined) return '';
    const signature = this.#signature;
    const signed =
      this.#kind === 'thinking' && signature !== undefined
        ? deltaOpen(this.#index, 'signature') + quoted(signature) + deltaClose
        : '';
    this.#kind = undefined;
    this.#signature = undefined;
    return signed + event('content_block_stop', { index: this.#index });
  }
}
