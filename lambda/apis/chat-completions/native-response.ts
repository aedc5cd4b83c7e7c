import { isObject, list, text } from '../../canonical/json.ts';
import type { NativeAnswer } from '../../canonical/native.ts';
import { openAiUsage } from '../openai/usage.ts';
import type { Fields } from '../shared/json.ts';
import { type AnswerHead, type Rendering, reasoningText } from './rendering.ts';

/** A completion as the model wrote it, under the gateway's id and the name of the model that its client knows. */
export function nativeCompletion(
  { body, usage }: NativeAnswer,
  head: AnswerHead,
  rendering: Rendering,
): object {
  const choices = list(body.choices).map(({ message, ...choice }) => ({
    ...choice,
    ...(isObject(message) && { message: said(message, head, rendering) }),
  }));
  return {
    ...withHead(body, head),
    choices,
    usage: isObject(body.usage) ? body.usage : openAiUsage(usage, 0),
  };
}

/** Members of the whole, without what is Bedrock's own in them. */
export function withHead(body: Fields, head: AnswerHead): Fields {
  const { obfuscation: _, ...kept } = body;
  const own = Object.entries(kept).filter(([name]) => !name.startsWith('amazon-bedrock-'));
  return { ...Object.fromEntries(own), ...head };
}

/** A message, or a piece of one, as this client reads it: what was thought by the names it knows, and calls by ids of their own. */
export function said(message: Fields, head: AnswerHead, rendering: Rendering): Fields {
  const { reasoning, reasoning_content: other, tool_calls: calls, ...rest } = message;
  const thought = text(reasoning) ?? text(other) ?? '';
  return {
    ...rest,
    ...(thought !== '' && !rendering.hideReasoning && reasoningText(thought, rendering)),
    ...(Array.isArray(calls) && { tool_calls: list(calls).map((call) => withOwnId(call, head)) }),
  };
}

/** In every answer they begin anew, and a conversation has several answers. */
const countedId = /^call_(\d{1,4})$/;

/** At most 40 characters, as the API takes them back. */
function withOwnId(call: Fields, { id }: AnswerHead): Fields {
  const nth = countedId.exec(text(call.id) ?? '')?.[1];
  return nth === undefined ? call : { ...call, id: `call_${id.replace(/\W|_/g, '').slice(-24)}_${nth}` };
}
