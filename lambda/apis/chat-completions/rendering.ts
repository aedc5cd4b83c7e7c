import type { StateKey } from '../../auth/state-key.ts';
import type { Config } from '../../config.ts';

/** The head of every answer and chunk. `created`: seconds since the epoch. */
export interface AnswerHead {
  id: string;
  created: number;
  model: string;
}

/** What of an answer is rendered for the client, and how. */
export interface Rendering {
  tools: { custom: ReadonlySet<string>; legacy: boolean };
  hideReasoning: boolean;
  /** Both unless said. */
  reasoningFields?: Config['reasoningFields'];
  trace: boolean;
  stateKey: StateKey;
  /** Set once the request was made in the client's own API: how answers to that are rendered. */
  native?: typeof import('./native.ts');
}

/** The text of reasoning, in the members that clients read. */
export function reasoningText(text: string, { reasoningFields: fields = 'both' }: Rendering) {
  return {
    ...(fields !== 'reasoning' && { reasoning_content: text }),
    ...(fields !== 'reasoning_content' && { reasoning: text }),
  };
}
