import type { TokenCounts } from '../../lambda/accounting/tokens.ts';
import type { StepResult } from '../../lambda/accounting/trace.ts';
import type { ConverseEvent } from '../../lambda/canonical/types.ts';
import type { ConversationSettings, Money, Turn } from '../conversations/format.ts';

/** What a model is asked: the turns so far, the last of them a person's. */
export interface Question {
  model: string;
  turns: readonly Turn[];
  settings: ConversationSettings;
  /** The answer's reasoning is wanted as text, where the model gives it. */
  showReasoning: boolean;
  /** More questions are expected, so that what is sent again and again is worth a place in the cache, which costs. */
  goesOn: boolean;
}

/** An answer that has begun. */
export interface Reply {
  /** Who answers, by a name for people. */
  model: string;
  /** What Bedrock was called with. */
  modelId?: string;
  region?: string;
  /** How it came to that: the last step is the one that answers. */
  steps: readonly StepResult[];
  warnings: readonly string[];
  ignored: readonly string[];
  /** Ends with an error where the stream does; a GatewayError, as everything that a model or the way to it does wrong. */
  events: AsyncIterable<readonly ConverseEvent[]>;
  /** What was spent, when the events have ended, however they ended. */
  spent(): Promise<Spent>;
}

export interface Spent {
  /** undefined: not known. */
  tokens: TokenCounts | undefined;
  estimated: boolean;
  cost: Money;
}

/** The way to the models: in this process, or through a gateway elsewhere. */
export interface Connection {
  /** For people: `Amazon Bedrock, us-east-1`. */
  readonly name: string;
  /** Resolves when the answer begins. Rejects with a GatewayError. */
  ask(question: Question, signal: AbortSignal): Promise<Reply>;
  /** Names that can be asked, for completion. */
  models(): Promise<string[]>;
  close(): Promise<void>;
}
