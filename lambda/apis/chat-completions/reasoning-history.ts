import type { ByteBudget } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import { textKey } from '../../canonical/text-key.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { blocksOf, detailsOf, signed } from '../reasoning/formats.ts';
import type { Fields } from '../shared/json.ts';

/** Where the reasoning of an assistant message stood: in front of everything, and before each of its calls. */
export interface PlacedReasoning {
  front: ReasoningBlock[];
  before: ReasoningBlock[][];
}

/**
 * Puts the reasoning of an earlier answer back, from whichever fields a client sent it in. In order of trust:
 *
 * 1. `thinking_blocks`, else `reasoning_details`, else `reasoning_signature` with its text;
 * 2. what the calls carry: `extra_content`, else the sealed part of their ids. It also has the place: a
 *    block that a call carries stands before that call, wherever the client has it. An id that could not hold
 *    the text gets it from 1, or from the plain text that most clients echo;
 * 3. nothing: the request goes without, and the model's fit decides what that means.
 *
 * Only signed or redacted blocks are of use: Claude verifies the signature, and unsigned text shown to an
 * open-weight model leaks into its answer (vercel/ai#14720). What is malformed is passed over: it is state of
 * ours that a client carried, not something the user wrote. undefined when there is none to place. What is put
 * back in several places is counted in `bytes`.
 */
export function placeReasoning(
  message: Fields,
  calls: readonly { carried: ReasoningBlock[] }[],
  bytes: ByteBudget,
): PlacedReasoning | undefined {
  const echoed = echoedBlocks(message);
  if (echoed.length === 0 && calls.every(({ carried }) => carried.length === 0)) return undefined;
  const carriedKeys = new Set(calls.flatMap(({ carried }) => carried.map(keyOf)));
  const text = carriedKeys.size === 1 ? reasoningText(message) : undefined;
  const rendered = new Map(echoed.map((block) => [keyOf(block), block]));
  const complete = (block: ReasoningBlock) => completed(block, rendered, text, bytes);
  const [first = [], ...rest] = calls.map(({ carried }) => carried.map(complete));
  const front = echoed.filter((block) => !carriedKeys.has(keyOf(block)));
  return { front: [...front, ...first], before: [[], ...rest] };
}

/** Reasoning that stands beside a call because its id had no room for it. */
export function carriedBeside({ extra_content: extra }: Fields): ReasoningBlock[] {
  const own = isObject(extra) ? extra.bedrock : undefined;
  return isObject(own) ? blocksOf(own.thinking_blocks) : [];
}

function echoedBlocks(message: Fields): ReasoningBlock[] {
  const fromBlocks = blocksOf(message.thinking_blocks);
  if (fromBlocks.length > 0) return fromBlocks;
  const fromDetails = detailsOf(message.reasoning_details);
  if (fromDetails.length > 0) return fromDetails;
  const { reasoning_signature: signature } = message;
  const text = reasoningText(message);
  return typeof signature === 'string' && text !== undefined ? [signed(text, signature)] : [];
}

/** The plain text that most clients echo; worth nothing without a signature. */
function reasoningText(message: Fields): string | undefined {
  const text = message.reasoning_content ?? message.reasoning;
  return typeof text === 'string' ? text : undefined;
}

function completed(
  block: ReasoningBlock,
  echoed: ReadonlyMap<string, ReasoningBlock>,
  text: string | undefined,
  bytes: ByteBudget,
): ReasoningBlock {
  const { reasoningText: rendered } = block.reasoningContent;
  if (rendered?.text !== '') return block;
  const found = echoed.get(keyOf(block))?.reasoningContent.reasoningText?.text ?? text ?? '';
  bytes.spend(found.length);
  return { reasoningContent: { reasoningText: { ...rendered, text: found } } };
}

/** What tells one block from another. */
const keyOf = ({ reasoningContent: { reasoningText: rendered, redactedContent } }: ReasoningBlock) =>
  textKey(rendered?.signature ?? redactedContent ?? '');
