import type { Answer } from '../../answer/answer.ts';
import type { Call } from '../../operation.ts';
import { isGpt, isGptOss, isGrok } from '../models.ts';
import { callsIn, fragments, idFor, readableText, type Tokens, words } from '../outcome.ts';
import type { ChatBody } from './body.ts';

/** An answer with all that is needed to tell it. */
export interface Outcome {
  answer: Answer;
  tokens: Tokens;
  body: ChatBody;
  call: Call;
  seed: string;
  /** What a guardrail adds beside the model's own members. */
  guardrail: object;
}

const finishReasons: Record<string, string> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  content_filtered: 'content_filter',
  refusal: 'content_filter',
};

export const finishOf = ({ answer: { stopReason } }: Outcome) => finishReasons[stopReason] ?? 'stop';

const servedTier = (asked = 'default' as string | null) => (asked === 'auto' ? 'default' : asked);
const created = ({ call }: Outcome): number => Math.floor(call.world.now() / 1000);
const head = (outcome: Outcome, object: string) => ({
  id: `chatcmpl-${idFor(outcome.seed, 'completion', 32)}`,
  object,
  created: created(outcome),
  model: outcome.body.model,
  ...(isGpt(outcome.call.model) || outcome.body.service_tier
    ? { service_tier: servedTier(outcome.body.service_tier) }
    : {}),
});

export function completionOf(outcome: Outcome) {
  const { reasoning, text } = saidIn(outcome);
  const tool_calls = toolCalls(outcome);
  return {
    ...head(outcome, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' ? null : text,
          refusal: null,
          ...(reasoning !== '' && { reasoning }),
          ...(tool_calls.length > 0 && { tool_calls }),
        },
        logprobs: null,
        finish_reason: finishOf(outcome),
      },
    ],
    usage: usageOf(outcome),
    ...outcome.guardrail,
  };
}

export function usageOf({ tokens: { input, cached, output, reasoning } }: Outcome) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  };
}

/**
 * What is shown of a thought: nothing by GPT and Grok, by gpt-oss a passage of the text, by the other open weights a
 * member that OpenAI does not have (BerriAI/litellm 1.110.2).
 */
function saidIn({ answer, call: { model, endpoint } }: Outcome): { reasoning: string; text: string } {
  const text = answer.blocks.map((block) => readableText(block) ?? '').join('');
  const thought = answer.blocks
    .map((block) => ('reasoningContent' in block ? (block.reasoningContent.reasoningText?.text ?? '') : ''))
    .join('');
  if (thought === '' || isGpt(model) || isGrok(model)) return { reasoning: '', text };
  // On bedrock-mantle it has the same member.
  if (isGptOss(model) && endpoint !== 'mantle')
    return { reasoning: '', text: `<reasoning>${thought}</reasoning>${text}` };
  return { reasoning: thought, text };
}

/** The ids begin anew in every answer (BerriAI/litellm 1.110.2). */
const toolCalls = ({ answer }: Outcome) =>
  callsIn(answer).map(({ name, input }, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: input },
  }));

/** The completion in pieces, without the mark of the end. */
export function* chunksOf(outcome: Outcome): Iterable<Record<string, unknown>> {
  const { stream_options: options } = outcome.body;
  const common = { ...head(outcome, 'chat.completion.chunk'), ...outcome.guardrail };
  const padded = isGpt(outcome.call.model) && options?.include_obfuscation !== false;
  let nth = 0;
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...common,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(options?.include_usage && { usage: null }),
    ...(padded && { obfuscation: idFor(outcome.seed, `obfuscation ${nth++}`, 8 + (nth % 8)) }),
  });
  const { reasoning, text } = saidIn(outcome);
  yield chunk({ role: 'assistant', content: '', refusal: null });
  for (const piece of words(reasoning)) yield chunk({ reasoning: piece });
  // Tags of gpt-oss are cut anywhere.
  const pieces = isGptOss(outcome.call.model) ? fragments(text) : words(text);
  for (const content of pieces) yield chunk({ content });
  for (const [index, { function: called, ...call }] of toolCalls(outcome).entries()) {
    yield chunk({ tool_calls: [{ index, ...call, function: { ...called, arguments: '' } }] });
    for (const piece of fragments(called.arguments))
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield chunk({}, finishOf(outcome));
  if (options?.include_usage) yield { ...common, choices: [], usage: usageOf(outcome) };
}
