/** What the model says, before it becomes a body or a stream. */
export interface Answer {
  blocks: AnswerBlock[];
  stopReason: string;
  /** The stop sequence that was met. */
  stopSequence: string | null;
  /** Set where the guardrail spoke instead of the model. */
  guardrailTrace?: Record<string, unknown>;
  /** A blocked input costs no tokens (recorded). */
  blocked?: boolean;
}

export type AnswerBlock =
  | { text: string }
  | { reasoningContent: { reasoningText?: { text?: string; signature?: string }; redactedContent?: string } }
  | { toolUse: { toolUseId: string; name: string; input: unknown; type?: string } }
  | { toolResult: { toolUseId: string; status: string; type: string; content: { text: string }[] } }
  | { citationsContent: { content?: { text: string }[]; citations: Record<string, unknown>[] } };
