import { openCallId, openReasoning, openText } from '../../lambda/apis/responses/sealed.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { ByteBudget } from '../../lambda/bounds.ts';

export const stateKey = deriveStateKey('golden');

/** JSON with what is sealed in it opened: how it is compressed depends on the runtime. */
export function unsealed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'string' ? opened(each) : each,
  );
}

function opened(text: string): unknown {
  const budget = new ByteBudget();
  if (text.startsWith('gw1.')) {
    return { sealed: openReasoning(text, stateKey, budget) ?? openText(text, stateKey, budget) };
  }
  return text.startsWith('call_gw1_') ? openCallId(text, stateKey, budget) : text;
}
