import type { Allowance } from '../allowance.ts';
import { type Block, blocksOf, type MessagesBody, type Turn } from '../body.ts';

/** One thing that only InvokeModel of Claude refuses, or refuses in words that have nothing of Converse's. */
export interface BodyRule {
  name: string;
  /** The text of the refusal; undefined when the body keeps the rule. */
  breach(body: MessagesBody, allowance: Allowance): string | undefined;
}

export interface PlacedBlock {
  block: Block;
  role: Turn['role'];
  /** `messages.0`. */
  message: string;
  /** `messages.0.content.1`. */
  at: string;
}

const placed = ({ role, content }: Turn, turn: number): PlacedBlock[] =>
  blocksOf(content).map((block, index) => ({
    block,
    role,
    message: `messages.${turn}`,
    at: `messages.${turn}.content.${index}`,
  }));

export const placedBlocks = ({ messages }: MessagesBody): PlacedBlock[] => messages.flatMap(placed);

export interface MergedTurn {
  role: Turn['role'];
  blocks: PlacedBlock[];
  /** The number of its first message. */
  at: number;
}

/** Neighbours of one role are one turn to the model. */
export function mergedTurns({ messages }: MessagesBody): MergedTurn[] {
  const turns: MergedTurn[] = [];
  for (const [at, message] of messages.entries()) {
    const { role } = message;
    const blocks = placed(message, at);
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks, at });
  }
  return turns;
}
