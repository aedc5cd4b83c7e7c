import type { Principal } from '../auth/principal.ts';
import type { Learned } from '../models/learned.ts';
import { clientTexts, mayQuote, nativeTexts } from './client-words.ts';
import type { Lesson, ModelCall } from './model-call.ts';
import type { ModelRequest } from './types.ts';

/**
 * Learns for everybody what a call that has succeeded teaches about its model. What each lesson changes is worked out
 * again from what everybody knows: a correction may be one of a whole member (`messages`, `responses`), and was made of
 * what this request had found out before, for itself alone.
 */
export async function teach(
  call: ModelCall,
  request: ModelRequest,
  asked: string,
  principal: Pick<Principal, 'billing'>,
  learned: Learned,
): Promise<void> {
  for (const { modelId, correct } of await teachings(call, request, asked, principal)) {
    const correction = correct({ ...call.target.capabilities, ...learned.of(modelId) });
    if (correction) learned.add(modelId, correction);
  }
}

/**
 * The lessons for everybody: nothing that may be the client's own words, quoted by Bedrock, nor what the key alone may not
 * do. `asked`: the model as the client named it.
 */
async function teachings(
  { lessons }: ModelCall,
  request: ModelRequest,
  asked: string,
  { billing }: Pick<Principal, 'billing'>,
): Promise<Lesson[]> {
  const texts = await textsOf(request, asked);
  // What a role, a project or a profile of the key's own may not do, other keys may.
  const isOfKey = (said: string) => billing !== undefined && /\bnot authorized to perform\b/.test(said);
  return lessons.filter(
    ({ said, onlyThisRequest }) => !onlyThisRequest && !isOfKey(said) && !mayQuote(said, texts),
  );
}

async function textsOf({ native, canonical }: ModelRequest, asked: string): Promise<string[]> {
  if (!native) return clientTexts(canonical());
  if (!('made' in native)) return nativeTexts(native, asked);
  // It may have gone out in either shape.
  const made = await native.made();
  return [...clientTexts(canonical()), ...(made ? nativeTexts(made, asked) : [])];
}
