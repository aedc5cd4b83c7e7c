import { redactedData, signatureOf } from '../../local/simulator/answer/ids.ts';
import type { Block, MessagesBody } from './captures.ts';

/** A conversation as the simulator's Claude would have had it: its thoughts are signed by the one that checks them. */
export const signedBySimulator = ({ messages = [], ...body }: MessagesBody): MessagesBody => ({
  ...body,
  messages: messages.map((turn) => ({
    ...turn,
    content: typeof turn.content === 'string' ? turn.content : turn.content.map(signed),
  })),
});

function signed(block: Block): Block {
  if (block.type === 'thinking') return { ...block, signature: signatureOf(block.thinking ?? '') };
  return block.type === 'redacted_thinking' ? { ...block, data: redactedData } : block;
}
