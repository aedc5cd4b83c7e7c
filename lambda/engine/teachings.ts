import { clientTexts, mayQuote, nativeTexts } from './client-words.ts';
import type { Lesson, ModelCall } from './model-call.ts';
import type { ModelRequest } from './types.ts';

/**
 * What a call that has succeeded teaches about its model for everybody: nothing that may be the client's own
 * words, quoted by Bedrock.
 */
export function teachings({ lessons, target }: ModelCall, { canonical, native }: ModelRequest): Lesson[] {
  const texts = native ? nativeTexts(native, target.asked) : clientTexts(canonical());
  return lessons.filter(({ said, onlyThisRequest }) => !onlyThisRequest && !mayQuote(said, texts));
}
