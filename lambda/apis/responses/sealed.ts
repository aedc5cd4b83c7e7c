import type { StateKey } from '../../auth/state-key.ts';
import { type ByteBudget, bounds } from '../../bounds.ts';
import { isObject, members } from '../../canonical/json.ts';
import type { ReasoningBlock, TextBlock } from '../../canonical/types.ts';
import { isCarried } from '../reasoning/formats.ts';
import { type OpenedId, openId, sealId } from '../reasoning/sealed-id.ts';
import { open, pack, seal, unpack } from '../reasoning/sealed-state.ts';

/**
 * What clients of Responses bring back unread. Reasoning travels in `encrypted_content`; because many clients drop
 * that, it travels once more in the `call_id` of the call that it led to, and so does the text before the call, which
 * the AI SDK brings back as a reference to an item that nobody has stored. Text that starts with the mark is the
 * gateway's; all other encrypted content is somebody else's.
 *
 * The key is the caller's own, so what is opened is input like any other: blocks are checked when they are read. It
 * says which model wrote it, because no other family can verify a signature.
 */

const mark = 'gw1.';
const purposes = { reasoning: 'responses reasoning 1', summary: 'responses summary 1' } as const;

/** Whether a text claims to have been sealed by a gateway. */
export const isSealed = (text: string): boolean => text.startsWith(mark);

/** Reasoning as `encrypted_content`; null where it is too large. `model`: whose it is, as the client knows it. */
export function sealReasoning(
  blocks: readonly ReasoningBlock[],
  model: string,
  key: StateKey,
): string | null {
  const packed = pack({ model, blocks: blocks.map((block) => block.reasoningContent) });
  return packed ? mark + seal(packed, key, purposes.reasoning) : null;
}

export interface OpenedReasoning {
  /** Who wrote it, as that client knew it. */
  model: string;
  blocks: ReasoningBlock[];
}

/**
 * The inverse; undefined for a text that was not sealed with this key, or was changed since. Throws a 413 when the
 * sealed texts of a request unpack to too much together.
 */
export function openReasoning(text: string, key: StateKey, budget: ByteBudget): OpenedReasoning | undefined {
  const packed = unseal(text, key, purposes.reasoning);
  const { model, blocks } = members(packed && unpack(packed, budget));
  if (typeof model !== 'string' || !Array.isArray(blocks)) return undefined;
  return { model, blocks: blocks.flatMap(readReasoning) };
}

/** A summary of a conversation as `encrypted_content`. */
export function sealText(text: string, key: StateKey): string {
  const packed = pack(text, bounds.summaryBytes);
  if (!packed) throw new Error('a summary is longer than any model writes');
  return mark + seal(packed, key, purposes.summary);
}

/** The inverse, as of `openReasoning`. */
export function openText(text: string, key: StateKey, budget: ByteBudget): string | undefined {
  const packed = unseal(text, key, purposes.summary);
  const summary = packed && unpack(packed, budget, bounds.summaryBytes);
  return typeof summary === 'string' ? summary : undefined;
}

function unseal(text: string, key: StateKey, purpose: string): Uint8Array | undefined {
  return isSealed(text) ? open(text.slice(mark.length), key, purpose) : undefined;
}

/** An item of an answer that a call carries. */
export interface CarriedItem {
  /** As the client refers to it. */
  id: string;
  /** Reasoning that has its signature but not its text was too long: the client's own summary has the text. */
  block: ReasoningBlock | TextBlock;
}

/**
 * The `call_id` that the client gets: the model's own where there is nothing to carry. Of what is too long only the
 * reasoning is carried, then only its signatures, then nothing; it still stands in `encrypted_content`.
 */
export function sealCallId(
  toolUseId: string,
  items: readonly CarriedItem[],
  model: string,
  key: StateKey,
): string {
  const carried = items.filter(({ block }) => 'text' in block || isCarried(block));
  const reasoning = carried.filter(({ block }) => 'reasoningContent' in block);
  for (const candidate of [carried, reasoning, reasoning.map(withoutText)]) {
    if (candidate.length === 0) continue;
    const id = sealId(toolUseId, pack([{ model }, ...candidate.map(packed)]), key);
    if (id !== toolUseId) return id;
  }
  return toolUseId;
}

const packed = ({ id, block }: CarriedItem) => ({
  id,
  ...('text' in block ? block : block.reasoningContent),
});

function withoutText({ id, block }: CarriedItem): CarriedItem {
  if ('text' in block || !block.reasoningContent.reasoningText) return { id, block };
  const { signature } = block.reasoningContent.reasoningText;
  return {
    id,
    block: { reasoningContent: { reasoningText: { text: '', ...(signature && { signature }) } } },
  };
}

/** What a `call_id` stands for; it has no items where it carried none, or was changed since. */
export interface OpenedCallId extends Omit<OpenedId, 'state'> {
  /** Who wrote the items, where that is known. */
  model?: string;
  /** In the order in which they came before the call. Those of other APIs have no id. */
  items: (Omit<CarriedItem, 'id'> & { id?: string })[];
}

/** Throws a 413 as `openReasoning` does. */
export function openCallId(callId: string, key: StateKey, budget: ByteBudget): OpenedCallId {
  const { packed: content, ...opened } = openId(callId, key);
  const state = content && unpack(content, budget);
  if (!Array.isArray(state)) return { ...opened, items: [] };
  const model = state.map((entry) => members(entry).model).find((each) => typeof each === 'string');
  return { ...opened, ...(model !== undefined && { model }), items: state.flatMap(readItem) };
}

function readItem(entry: unknown): OpenedCallId['items'] {
  const { id, text } = members(entry);
  const [block] = typeof text === 'string' ? [{ text }] : readReasoning(entry);
  return block ? [{ ...(typeof id === 'string' && { id }), block }] : [];
}

function readReasoning(content: unknown): ReasoningBlock[] {
  const { reasoningText, redactedContent } = members(content);
  if (typeof redactedContent === 'string') return [{ reasoningContent: { redactedContent } }];
  if (!isObject(reasoningText)) return [];
  const { text = '', signature } = reasoningText;
  if (typeof text !== 'string') return [];
  return [
    { reasoningContent: { reasoningText: { text, ...(typeof signature === 'string' && { signature }) } } },
  ];
}
