import type { AnswerHead } from './rendering.ts';

/** How each chunk of an answer begins, up to its `choices`. */
export function chunkHead({ id, created, model }: AnswerHead): string {
  const fixed = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
  return `data: ${fixed.slice(0, -1)},`;
}
