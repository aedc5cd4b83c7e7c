import type { Answer, AnswerBlock } from './answer.ts';
import { tokensOfAnswerBlock } from './tokens.ts';

/** The answer up to its first stop sequence, and no longer than `maxTokens`. */
export function limited(
  answer: Answer,
  stopSequences: readonly string[] = [],
  maxTokens = Number.POSITIVE_INFINITY,
): Answer {
  return cutToLength(cutAtSequence(answer, stopSequences), maxTokens);
}

function cutAtSequence(answer: Answer, stopSequences: readonly string[]): Answer {
  for (const [i, block] of answer.blocks.entries()) {
    if (!('text' in block)) continue;
    const [hit] = stopSequences
      .map((sequence) => ({ sequence, at: block.text.indexOf(sequence) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at);
    if (!hit) continue;
    const kept: AnswerBlock[] = [...answer.blocks.slice(0, i), { text: block.text.slice(0, hit.at) }];
    return {
      ...answer,
      blocks: kept.filter(hasText),
      stopReason: 'stop_sequence',
      stopSequence: hit.sequence,
    };
  }
  return answer;
}

const hasText = (block: AnswerBlock): boolean => !('text' in block) || block.text !== '';

function cutToLength(answer: Answer, maxTokens: number): Answer {
  const kept: AnswerBlock[] = [];
  let left = maxTokens;
  for (const block of answer.blocks) {
    const tokens = tokensOfAnswerBlock(block);
    if (tokens <= left) {
      kept.push(block);
      left -= tokens;
      continue;
    }
    if ('text' in block && left > 0) kept.push({ text: [...block.text].slice(0, left * 4).join('') });
    return { ...answer, blocks: kept, stopReason: 'max_tokens', stopSequence: null };
  }
  return answer;
}
