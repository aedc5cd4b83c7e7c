import { isClientCall } from '../../canonical/blocks.ts';
import { addReasoning, type OpenReasoning, type ReasoningDelta } from '../../canonical/reasoning.ts';
import type { ConverseEvent, Delta, JsonObject } from '../../canonical/types.ts';
import type { Seen } from '../../canonical/usage.ts';
import { annotation } from '../openai/annotation.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { customInput } from '../openai/custom-tool.ts';
import { finishReason } from '../openai/finish-reason.ts';
import { callHead } from '../reasoning/carried.ts';
import { RenderedReasoning } from '../reasoning/collector.ts';
import { isPlain } from '../shared/plain-json.ts';
import { chunkHead } from './chunk-json.ts';
import { type AnswerHead, type Rendering, reasoningText } from './rendering.ts';
import type { ChunkDelta } from './shapes.ts';

type EventOf<K extends string> = Extract<ConverseEvent, Record<K, unknown>>;
type Start = EventOf<'contentBlockStart'>['contentBlockStart'];
type Stop = EventOf<'messageStop'>['messageStop'];
type Metadata = EventOf<'metadata'>['metadata'];

/** A content block that is being rendered. */
interface OpenBlock {
  /** A tool call's place among the tool calls, counted from 0 without gaps. */
  ordinal?: number;
  /** A custom tool's input goes out when it is whole: it is wrapped in JSON. */
  custom?: string;
  /** Whether any argument has gone out. */
  rendered?: boolean;
  reasoning?: OpenReasoning;
}

/**
 * Turns the events of one choice into chunks (https://platform.openai.com/docs/api-reference/chat-streaming).
 * What does not change from chunk to chunk is serialised once; a text delta costs at most one JSON.stringify
 * of its text, and nothing of the text is kept.
 */
export class ChunkEncoder {
  /** Set once Bedrock has sent it, after the last chunk. */
  metadata: Metadata | undefined;
  /** What an optimisation technique did, where usage is asked for: it stands beside that. */
  optimisation: JsonObject | undefined;
  readonly seen: Seen = { reasoned: false, visibleBytes: 0 };
  readonly #rendering: Rendering;
  readonly #open: string;
  readonly #close: string;
  readonly #usage: string;
  readonly #contentOpen: string;
  readonly #contentClose: string;
  readonly #blocks = new Map<number, OpenBlock>();
  #textLength = 0;
  /** The text block that is being rendered, and where in `content` it begins: citations stand behind all of it. */
  #textBlock = { index: -1, start: 0 };
  #toolCalls = 0;
  readonly #reasoning = new RenderedReasoning();

  constructor(head: AnswerHead, rendering: Rendering, options: { index: number; includeUsage: boolean }) {
    this.#rendering = rendering;
    this.#usage = options.includeUsage ? ',"usage":null' : '';
    this.#open = `${chunkHead(head)}"choices":[{"index":${options.index},"delta":`;
    this.#close = `,"logprobs":null,"finish_reason":null}]${this.#usage}}\n\n`;
    this.#contentOpen = `${this.#open}{"content":`;
    this.#contentClose = `}${this.#close}`;
  }

  /** The server-sent events for a batch; empty when it held nothing for the client. */
  push(batch: readonly ConverseEvent[]): string {
    let out = '';
    for (const event of batch) out += this.#emit(event);
    return out;
  }

  #emit(event: ConverseEvent): string {
    if ('contentBlockDelta' in event) {
      return this.#addDelta(event.contentBlockDelta.contentBlockIndex, event.contentBlockDelta.delta);
    }
    if ('contentBlockStart' in event) return this.#startBlock(event.contentBlockStart);
    if ('contentBlockStop' in event) return this.#stopBlock(event.contentBlockStop.contentBlockIndex);
    if ('messageStart' in event) return this.#delta({ role: 'assistant', content: '', refusal: null });
    if ('messageStop' in event) return this.#finish(event.messageStop);
    if ('metadata' in event) {
      this.metadata = event.metadata;
      this.optimisation ??= event.metadata.optimisation;
    }
    return '';
  }

  #addDelta(index: number, delta: Delta): string {
    if ('text' in delta) {
      if (delta.text === '') return '';
      if (this.#textBlock.index !== index) this.#textBlock = { index, start: this.#textLength };
      this.#textLength += delta.text.length;
      return this.#contentOpen + this.#text(delta.text) + this.#contentClose;
    }
    if ('toolUse' in delta) return this.#addInput(this.#blockAt(index), delta.toolUse.input);
    if ('reasoningContent' in delta) return this.#addReasoning(this.#blockAt(index), delta.reasoningContent);
    if ('citation' in delta) {
      return this.#delta({
        annotations: [annotation(delta.citation, this.#textBlock.start, this.#textLength)],
      });
    }
    return '';
  }

  #text(text: string): string {
    if (isPlain(text)) {
      this.seen.visibleBytes += text.length;
      return `"${text}"`;
    }
    this.seen.visibleBytes += Buffer.byteLength(text);
    return JSON.stringify(text);
  }

  #startBlock({ contentBlockIndex, start: { toolUse } }: Start): string {
    const { tools, stateKey } = this.#rendering;
    if (!toolUse || !isClientCall(toolUse)) return '';
    // The older form has room for one call.
    if (tools.legacy && this.#toolCalls > 0) return '';
    const block = this.#blockAt(contentBlockIndex);
    block.ordinal = this.#toolCalls++;
    const { name } = toolUse;
    if (tools.legacy) return this.#delta({ function_call: { name, arguments: '' } });
    const index = block.ordinal;
    const head = callHead(toolUse.toolUseId, this.#reasoning.takeForCall(), stateKey);
    if (!tools.custom.has(name)) {
      return this.#delta({
        tool_calls: [{ index, ...head, type: 'function', function: { name, arguments: '' } }],
      });
    }
    block.custom = '';
    return this.#delta({ tool_calls: [{ index, ...head, type: 'custom', custom: { name, input: '' } }] });
  }

  #addInput(block: OpenBlock, input: string): string {
    if (block.ordinal === undefined || input === '') return '';
    this.seen.visibleBytes += Buffer.byteLength(input);
    if (block.custom !== undefined) {
      block.custom += input;
      return '';
    }
    block.rendered = true;
    return this.#arguments(block, input);
  }

  #arguments({ ordinal = 0 }: OpenBlock, text: string): string {
    return this.#rendering.tools.legacy
      ? this.#delta({ function_call: { arguments: text } })
      : this.#delta({ tool_calls: [{ index: ordinal, function: { arguments: text } }] });
  }

  #addReasoning(block: OpenBlock, delta: ReasoningDelta): string {
    const { text } = delta;
    block.reasoning = addReasoning(block.reasoning, delta);
    this.seen.reasoned = true;
    if (!text || this.#rendering.hideReasoning) return '';
    return this.#delta(reasoningText(text, this.#rendering));
  }

  #stopBlock(index: number): string {
    const block = this.#blocks.get(index);
    if (!block) return '';
    this.#blocks.delete(index);
    if (block.reasoning) this.#reasoning.add(block.reasoning);
    if (block.ordinal === undefined) return '';
    if (block.custom !== undefined) {
      const custom = { input: customInput(block.custom) };
      return this.#delta({ tool_calls: [{ index: block.ordinal, custom }] });
    }
    // A call without arguments may stream none at all; clients parse what they got.
    return block.rendered ? '' : this.#addInput(block, '{}');
  }

  #finish({ stopReason, additionalModelResponseFields, optimisation }: Stop): string {
    let out = '';
    for (const index of [...this.#blocks.keys()]) out += this.#stopBlock(index);
    const state = this.#rendering.hideReasoning ? undefined : this.#reasoning.state();
    if (state) out += this.#delta(state);
    const reason = finishReason(stopReason, this.#toolCalls > 0);
    const rendered = this.#rendering.tools.legacy && reason === 'tool_calls' ? 'function_call' : reason;
    const bedrock = bedrockFields({ additionalModelResponseFields }, this.#rendering);
    const withUsage = this.#usage !== '';
    if (withUsage) this.optimisation = optimisation;
    const fields = { ...(bedrock && { bedrock }), ...(!withUsage && optimisation && { optimisation }) };
    const extra = Object.keys(fields).length > 0 ? `,${JSON.stringify(fields).slice(1, -1)}` : '';
    return `${out}${this.#open}{},"logprobs":null,"finish_reason":"${rendered}"}]${this.#usage}${extra}}\n\n`;
  }

  #blockAt(index: number): OpenBlock {
    const known = this.#blocks.get(index);
    if (known) return known;
    const block: OpenBlock = {};
    this.#blocks.set(index, block);
    return block;
  }

  #delta(delta: ChunkDelta): string {
    return this.#open + JSON.stringify(delta) + this.#close;
  }
}
