/** What of a request its answer depends on. */
export interface Rendering {
  /** The text of reasoning is left out; what is signed or redacted stays, because it has to come back. */
  hideReasoning: boolean;
  /** Those that were asked for. */
  stopSequences?: readonly string[];
  /** Tokens of the prompt, for the beginning of a stream: Converse counts them at its end. */
  estimatedInputTokens?: number;
}
