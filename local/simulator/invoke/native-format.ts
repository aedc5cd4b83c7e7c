import type { ConverseRequest } from '../converse/request.ts';
import type { BodySchema } from './body-schema.ts';

/** What the model says, in no format yet. */
export interface Said {
  text: string;
  calls: readonly { id: string; name: string; input: string }[];
  stopReason: string;
  stopSequence: string | null;
  inputTokens: number;
  outputTokens: number;
  id: string;
  modelId: string;
  /** Epoch seconds. */
  created: number;
}

/** How models of one kind are asked and answer through InvokeModel. `Body` is what its schema lets through. */
export interface NativeFormat<Body = unknown> {
  schema: BodySchema;
  /** The request as Converse would put it: what the answer is made of. */
  read(body: Body): ConverseRequest;
  answer(said: Said, body: Body): Record<string, unknown>;
  /** `words`: the text in pieces. Bedrock adds its metrics to the last chunk. */
  chunks(said: Said, words: readonly string[], body: Body): Iterable<Record<string, unknown>>;
}

/** A prompt as a conversation of one turn. */
export function fromPrompt(
  prompt: string,
  limits: { maxTokens?: number; stopSequences?: string[] } = {},
): ConverseRequest {
  return { messages: [{ role: 'user', content: [{ text: prompt }] }], inferenceConfig: limits };
}
