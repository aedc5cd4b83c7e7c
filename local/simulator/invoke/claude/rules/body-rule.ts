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

/** The blocks of the messages that are lists. */
export function placedBlocks({ messages }: MessagesBody): PlacedBlock[] {
  return messages.flatMap(({ role, content }, turn) =>
    (typeof content === 'string' ? [] : content).map((block, index) => ({
      block,
      role,
      message: `messages.${turn}`,
      at: `messages.${turn}.content.${index}`,
    })),
  );
}

/** Neighbours of one role are one turn to the model; `at` is where it begins. */
export function mergedTurns({
  messages,
}: MessagesBody): { role: Turn['role']; blocks: PlacedBlock[]; at: number }[] {
  const turns: { role: Turn['role']; blocks: PlacedBlock[]; at: number }[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    const blocks = blocksOf(content).map((block, index) => ({
      block,
      role,
      message: `messages.${at}`,
      at: `messages.${at}.content.${index}`,
    }));
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks, at });
  }
  return turns;
}
