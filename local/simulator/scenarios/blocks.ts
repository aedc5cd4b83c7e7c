import type { Answer, AnswerBlock } from '../answer/answer.ts';
import { signatureOf, toolUseId } from '../answer/ids.ts';
import type { Cue } from './scenario.ts';

export const lead = (answer: Answer, ...blocks: AnswerBlock[]): Answer => ({
  ...answer,
  blocks: [...blocks, ...answer.blocks],
});
export const instead = (answer: Answer, blocks: AnswerBlock[], stopReason = 'end_turn'): Answer => ({
  ...answer,
  blocks,
  stopReason,
});
export const text = (value: string): AnswerBlock => ({ text: value });

/** Signed where the model signs. */
export function reasoning({ call }: Cue, thought: string): AnswerBlock {
  const signature = call.model.family.provider === 'anthropic' ? { signature: signatureOf(thought) } : {};
  return { reasoningContent: { reasoningText: { text: thought, ...signature } } };
}

/** A text, or with the argument `reasoning` what the model thinks. */
export const leaked = ({ args }: Cue, leak: string): AnswerBlock =>
  args[0] === 'reasoning' ? { reasoningContent: { reasoningText: { text: leak } } } : text(leak);

/** Of the n-th call; another one in every turn. */
export const idOf = ({ call }: Cue, n: number): string => toolUseId(`${JSON.stringify(call.body)} ${n}`);
