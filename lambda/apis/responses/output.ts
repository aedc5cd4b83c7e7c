import { isClientCall } from '../../canonical/blocks.ts';
import type { ReasoningDelta } from '../../canonical/reasoning.ts';
import type { Citation, ConverseEvent, Delta } from '../../canonical/types.ts';
import type { Seen } from '../../canonical/usage.ts';
import { type BlockEvent, BlocksInOrder } from '../shared/blocks-in-order.ts';
import { type CallItem, type ItemStatus, identify } from './call-items.ts';
import type { Events } from './events.ts';
import type { Ids } from './ids.ts';
import { MessageItem, type MessageOutput } from './message-item.ts';
import { type OpenCall, openCall } from './open-call.ts';
import { ReasoningItem, type ReasoningOutput } from './reasoning-item.ts';
import type { Rendering } from './rendering.ts';
import { type CarriedItem, sealCallId, sealReasoning, sealText } from './sealed.ts';

export interface CompactionOutput {
  id: string;
  type: 'compaction';
  encrypted_content: string;
}
export type OutputItem = MessageOutput | ReasoningOutput | CallItem | CompactionOutput;

/** What clients get of a call without arguments. */
const noInput = '{}';

type Start = Extract<BlockEvent, { contentBlockStart: unknown }>['contentBlockStart']['start'];
type Open =
  | { kind: 'message'; id: string; item: MessageItem }
  | { kind: 'reasoning'; id: string; item: ReasoningItem }
  | { kind: 'call'; item: OpenCall };

export interface OutputOptions {
  ids: Ids;
  /** Who answers, as the client knows it. */
  model: string;
  rendering: Rendering;
  events: Events;
}

/**
 * Makes the output items of an answer, whole or streamed: in the order in which the model writes them, one at a time.
 * An item is over when the next begins or nothing follows, because only then is it known whether it was cut off.
 */
export class Output {
  /** Those that are over. */
  readonly items: OutputItem[] = [];
  readonly seen: Seen = { reasoned: false, visibleBytes: 0 };
  readonly #options: OutputOptions;
  readonly #blocks = new BlocksInOrder((event) => this.#render(event));
  #open: Open | undefined;
  /** The block that is being written belongs to what ran inside Bedrock. */
  #isHidden = false;
  /** What came since the last call: the next one carries it. */
  #carried: CarriedItem[] = [];
  #summary = '';

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Whether anything was said that clients show. */
  get saysSomething(): boolean {
    return this.items.some(({ type }) => type === 'message');
  }

  push(event: ConverseEvent): string {
    return 'contentBlockDelta' in event || 'contentBlockStart' in event || 'contentBlockStop' in event
      ? this.#blocks.add(event)
      : '';
  }

  /** To be called once, when the model has stopped. */
  finish(isCutOff: boolean): string {
    const out = this.#blocks.end() + this.#close(isCutOff ? 'incomplete' : 'completed');
    return this.#options.rendering.compaction ? out + this.#compact() : out;
  }

  #render(event: BlockEvent): string {
    if ('contentBlockDelta' in event) {
      return this.#isHidden ? '' : this.#add(event.contentBlockDelta.delta);
    }
    if ('contentBlockStart' in event) return this.#start(event.contentBlockStart.start);
    this.#isHidden = false;
    return this.#stop();
  }

  #start({ toolUse, toolResult, image }: Start): string {
    this.#isHidden = Boolean(toolResult ?? image) || (toolUse !== undefined && !isClientCall(toolUse));
    if (this.#isHidden || !toolUse || this.#options.rendering.compaction) return '';
    const closed = this.#close('completed');
    const { ids, model, rendering, events } = this.#options;
    const callId = sealCallId(toolUse.toolUseId, this.#carried, model, rendering.stateKey);
    this.#carried = [];
    const index = this.items.length;
    const item = openCall(identify(rendering.tools.of(toolUse.name), callId, ids, index), index, events);
    this.#open = { kind: 'call', item };
    return closed + item.open();
  }

  #add(delta: Delta): string {
    const open = this.#open;
    if ('text' in delta) {
      if (open?.kind === 'message') return open.item.add(delta.text);
      return delta.text === '' ? '' : this.#addText(delta.text);
    }
    if ('toolUse' in delta) return open?.kind === 'call' ? open.item.add(delta.toolUse.input) : '';
    if ('reasoningContent' in delta) return this.#addReasoning(delta.reasoningContent);
    return 'citation' in delta ? this.#cite(delta.citation) : '';
  }

  #addText(text: string): string {
    if (this.#options.rendering.compaction) {
      this.#summary += text;
      return '';
    }
    const [message, out] = this.#message();
    return out + message.add(text);
  }

  #cite(citation: Citation): string {
    if (this.#options.rendering.compaction) return '';
    const [message, out] = this.#message();
    return out + message.cite(citation);
  }

  /** The open message, or a new one and its events. */
  #message(): [MessageItem, string] {
    if (this.#open?.kind === 'message') return [this.#open.item, ''];
    const closed = this.#close('completed');
    const index = this.items.length;
    const id = this.#options.ids.item('message', index);
    const item = new MessageItem(id, index, this.#options.events);
    this.#open = { kind: 'message', id, item };
    return [item, closed + item.open()];
  }

  #addReasoning(delta: ReasoningDelta): string {
    this.seen.reasoned = true;
    if (this.#options.rendering.compaction) return '';
    if (this.#open?.kind === 'reasoning') return this.#open.item.add(delta);
    // Of reasoning without text there is something to say only when it is signed.
    if (!delta.text && delta.signature === undefined && delta.redactedContent === undefined) return '';
    const closed = this.#close('completed');
    const { ids, model, rendering, events } = this.#options;
    const index = this.items.length;
    const id = ids.item('reasoning', index);
    const item = new ReasoningItem(id, index, events, (block) =>
      sealReasoning([block], model, rendering.stateKey),
    );
    this.#open = { kind: 'reasoning', id, item };
    return closed + item.open() + item.add(delta);
  }

  /** A message goes on with the next text; a block of reasoning is an item of its own. */
  #stop(): string {
    const open = this.#open;
    if (open?.kind === 'reasoning') return this.#close('completed');
    return open?.item.stopBlock() ?? '';
  }

  #close(status: ItemStatus): string {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return '';
    if (open.kind === 'reasoning') {
      const { item, block, out } = open.item.close();
      this.#carried.push({ id: open.id, block });
      this.items.push(item);
      return out;
    }
    const written = open.kind === 'call' ? open.item.written : open.item.text;
    const isBlankCall = open.kind === 'call' && written.trim() === '';
    this.seen.visibleBytes += Buffer.byteLength(isBlankCall ? noInput : written);
    if (open.kind === 'message' && this.#options.rendering.references && written !== '') {
      this.#carried.push({ id: open.id, block: { text: written } });
    }
    const { item, out } = open.item.close(status);
    this.items.push(item);
    return out;
  }

  /** Clients demand exactly one item. */
  #compact(): string {
    const { ids, rendering, events } = this.#options;
    const item = compactionItem(ids, this.#summary, rendering);
    this.seen.visibleBytes += Buffer.byteLength(this.#summary);
    this.items.push(item);
    const begun = { output_index: 0, item: { ...item, encrypted_content: '' } };
    return (
      events.event('response.output_item.added', begun) +
      events.event('response.output_item.done', { output_index: 0, item })
    );
  }
}

/** The summary of a conversation, in the form in which it replaces what was said. */
export function compactionItem(
  ids: Ids,
  summary: string,
  { stateKey }: Pick<Rendering, 'stateKey'>,
): CompactionOutput {
  const encrypted_content = sealText(summary, stateKey);
  return { id: ids.item('compaction', 0), type: 'compaction', encrypted_content };
}
