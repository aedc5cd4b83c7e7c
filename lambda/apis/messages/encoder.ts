import { isClientCall } from '../../canonical/blocks.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { ConverseEvent } from '../../canonical/types.ts';
import { anthropicErrors } from '../anthropic/error.ts';
import type { AnswerHead, StreamEncoder } from '../api.ts';
import { type BlockEvent, BlocksInOrder } from '../shared/blocks-in-order.ts';
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

/**
 * Encodes an answer as Anthropic's events. The client sees one block at a time, numbered from 0 without gaps. The end
 * goes out last of all, because Converse counts tokens after it has stopped, and nothing that claims success may precede
 * a failure.
 */
export class MessagesEncoder implements StreamEncoder {
  readonly #head: Omit<AnswerHead, 'model'>;
  readonly #rendering: Rendering;
  #model = '';
  #native: NativeEncoder | undefined;
  #hasBegun = false;
  readonly #blocks = new BlocksInOrder((event) => this.#render(event));
  /** How many blocks the client has seen begin. */
  #begun = 0;
  #hasCalls = false;
  #open: BlockEncoder | undefined;
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
    const { usage = uncounted, serviceTier, stoppedAt } = this.#metadata ?? {};
    const stop = { ...(stoppedAt !== undefined && { stoppedAt }), ...this.#stop };
    const delta = endingOf(stop, this.#hasCalls, this.#rendering);
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
    return this.#blocks.end();
  }

  /** An event of a block: now, later or never. */
  #place(index: number, each: BlockEvent): string {
    return this.#isHidden(index, each) ? '' : this.#blocks.add(each);
  }

  #isHidden(index: number, each: BlockEvent): boolean {
    if ('contentBlockStart' in each) {
      const { toolUse, toolResult, image } = each.contentBlockStart.start;
      if (toolResult || image || (toolUse && !isClientCall(toolUse))) this.#hidden.add(index);
    }
    return this.#hidden.has(index);
  }

  #render(each: BlockEvent): string {
    this.#open ??= new BlockEncoder(this.#rendering, () => this.#begun++);
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
}

/** Where no counts came: what ends a stream early ends it before them. */
const uncounted = { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true };
