import { isObject, list, parseJson, text } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Answered } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';
import { splitReasoning } from './tagged-reasoning.ts';

/** A whole completion. Throws GatewayError for what is none, and FailedFrame for one that failed. */
export function readCompletion(said: string, { requestId }: Answered, tagged: boolean): JsonObject {
  const completion = parseJson(said)?.value;
  if (!isObject(completion)) throw notAnAnswer(requestId);
  if (isObject(completion.error)) throw failureIn(completion.error, requestId);
  const [choice] = list(completion.choices);
  if (!choice || !isObject(choice.message)) throw noAnswer(completion, requestId);
  if (!tagged) return completion as JsonObject;
  const { reasoning, content } = splitReasoning(text(choice.message.content) ?? '');
  if (reasoning === '') return completion as JsonObject;
  const message = { ...choice.message, content: content === '' ? null : content, reasoning };
  return { ...completion, choices: [{ ...choice, message }] } as JsonObject;
}
