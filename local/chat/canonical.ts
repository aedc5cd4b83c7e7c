import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import type { Message } from '../../lambda/canonical/types.ts';
import type { Question } from './connection.ts';

/** A question in the shape that the engine takes. */
export function toCanonical({ model, turns, settings, showReasoning, goesOn }: Question): CanonicalRequest {
  const { system, effort, maxTokens, temperature, outputFormat } = settings;
  const messages = turns.map(({ role, content }): Message => ({ role, content }));
  const inferenceConfig = {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
  return {
    model,
    converse: {
      // A turn that has nothing in it is none: an answer that was stopped before its first word.
      messages: messages.filter(({ content }) => content.length > 0),
      ...(system !== undefined && { system: [{ text: system }] }),
      ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    },
    intent: {
      ...(effort !== undefined && { reasoning: { effort, ...(showReasoning && { summary: true }) } }),
      ...(outputFormat && { outputFormat }),
      ...(goesOn && { cacheMode: 'auto' }),
    },
  };
}
