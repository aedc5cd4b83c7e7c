import { clientTexts, mayQuote, nativeTexts } from './client-words.ts';
import type { Lesson, ModelCall } from './model-call.ts';
import type { ModelRequest } from './types.ts';

/**
 * What a call that has succeeded teaches about its model for everybody: nothing that may be the client's own
 * words, quoted by Bedrock. `asked`: the model as the client named it.
 */
export function teachings({ lessons }: ModelCall, request: ModelRequest, asked: string): Lesson[] {
  const texts = request.native ? nativeTexts(request.native, asked) : clientTexts(request.canonical());
  return lessons.filter(({ said, onlyThisRequest }) => !onlyThisRequest && !mayQuote(said, texts));
}
