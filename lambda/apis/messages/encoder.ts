import { isClientCall } from '../../canonical/blocks.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { ConverseEvent } from '../../canonical/types.ts';
import { anthropicErrors } from '../anthropic/error.ts';
import type { AnswerHead, StreamEncoder } from '../api.ts';
import { BlockEncoder } from './block-encoder.ts';
import { event } from './events.ts';
import { NativeEncoder } from './native-encoder.ts';
import type { Rendering } from './rendering.ts';
import { emptyMessage } from './response.ts';
import { endingOf } from './stop-reason.ts';
import { messagesUsage } from './usage.ts';

/** Anthropic's own, which its clients skip. */
const ping = event('ping', {});

type EventOf<K extends string> = Extract<ConverseEvent, Record<K, unknown>>;
type BlockEvent = EventOf<'contentBlockStart'> | EventOf<'contentBlockDelta'> | EventOf<'contentBlockStop'>;

/**
 * Encodes an answer as Anthropic's events. The client sees one block at a time, numbered from 0 without gaps: what
 * Converse says of another block meanwhile waits until the open one has stopped. The end goes out last of all, because
 * Converse counts tokens after it has stopped, and nothing that claims success may precede a failure.
 */
export class MessagesEncoder implements StreamEncoder {
  readonly #head: Omit<AnswerHead, 'model'>;
  readonly #rendering: Rendering;
  #model = '';
  #native: NativeEncoder | undefined;
  #hasBegun = false;
  #blocks = 0;
  #hasCalls = false;
  #open: BlockEncoder | undefined;
  readonly #waiting = new Map<number, BlockEvent[]>();
  /** Blocks of what ran inside Bedrock. */
  readonly #hidden = new Set<number>();
  #stop: EventOf<'messageStop'>['messageStop'] | undefined;
  #metadata: EventOf<'metadata'>['metadata'] | undefined;

  constructor(head: Omit<AnswerHead, 'model'>, rendering: Rendering) {
    this.#head = head;
    this.#rendering = rendering;
  }

  open(model: string): string {
    this.#model = model;
    return '';
  }

  push(batch: readonly ConverseEvent[]): string {
    let out = this.#hasBegun ? '' : this.#begin();
    for (const each of batch) out += this.#emit(each);
    return out;
  }

  pushNative(batch: readonly NativeEvent[]): string {
    this.#native ??= new NativeEncoder(this.#model);
    return this.#native.push(batch);
  }

  heartbeat(): string {
    return ping;
  }

  /** The model's own events have had their end. */
  end(): string {
    if (this.#native) return '';
    if (!this.#stop) throw new Error('a stream without messageStop cannot end well');
    const { usage = uncounted, serviceTier } = this.#metadata ?? {};
    const delta = endingOf(this.#stop, this.#hasCalls, this.#rendering);
    const counted = messagesUsage(usage, serviceTier);
    return event('message_delta', { delta, usage: counted }) + event('message_stop', {});
  }

  fail(...[error]: Parameters<StreamEncoder['fail']>): string {
    return anthropicErrors.event(error, this.#head.requestId);
  }

  /** Clients demand counts here; those of `message_delta` take their place. */
  #begin(): string {
    this.#hasBegun = true;
    const { estimatedInputTokens: input = 0 } = this.#rendering;
    const usage = {
      input_tokens: input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 0,
    };
    const message = emptyMessage({ ...this.#head, model: this.#model }, usage);
    return event('message_start', { message });
  }

  #emit(each: ConverseEvent): string {
    if ('contentBlockDelta' in each) return this.#place(each.contentBlockDelta.contentBlockIndex, each);
    if ('contentBlockStart' in each) return this.#place(each.contentBlockStart.contentBlockIndex, each);
    if ('contentBlockStop' in each) return this.#place(each.contentBlockStop.contentBlockIndex, each);
    if ('metadata' in each) this.#metadata = each.metadata;
    if (!('messageStop' in each)) return '';
    this.#stop = each.messageStop;
    return this.#closeAll();
  }

  /** An event of a block: now, later or never. */
  #place(index: number, each: BlockEvent): string {
    if (this.#isHidden(index, each)) return '';
    if (this.#open && this.#open.source !== index) {
      const held = this.#waiting.get(index);
      if (held) held.push(each);
      else this.#waiting.set(index, [each]);
      return '';
    }
    const out = this.#render(index, each);
    return this.#open || this.#waiting.size === 0 ? out : out + this.#openNext();
  }

  #isHidden(index: number, each: BlockEvent): boolean {
    if ('contentBlockStart' in each) {
      const { toolUse, toolResult, image } = each.contentBlockStart.start;
      if (toolResult || image || (toolUse && !isClientCall(toolUse))) this.#hidden.add(index);
    }
    return this.#hidden.has(index);
  }

  #render(index: number, each: BlockEvent): string {
    this.#open ??= new BlockEncoder(index, this.#rendering, () => this.#blocks++);
    if ('contentBlockDelta' in each) return this.#open.add(each.contentBlockDelta.delta);
    if ('contentBlockStart' in each) {
      const { toolUse } = each.contentBlockStart.start;
      if (!toolUse) return '';
      this.#hasCalls = true;
      return this.#open.startTool(toolUse);
    }
    const out = this.#open.close();
    this.#open = undefined;
    return out;
  }

  /** What has waited longest, and what follows where that is whole already. */
  #openNext(): string {
    let out = '';
    for (const [index, held] of this.#waiting) {
      if (this.#open) break;
      this.#waiting.delete(index);
      for (const each of held) out += this.#render(index, each);
    }
    return out;
  }

  #closeAll(): string {
    let out = '';
    while (this.#open) {
      out += this.#open.close();
      this.#open = undefined;
      out += this.#openNext();
    }
    return out;
  }
}

/** Where no counts came: what ends a stream early ends it before them. */
const uncounted = { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true };
