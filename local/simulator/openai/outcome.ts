import { createHash } from 'node:crypto';
import type { Answer, AnswerBlock } from '../answer/answer.ts';
import { compose } from '../answer/compose.ts';
import { limited } from '../answer/limit.ts';
import type { ConverseRequest } from '../converse/request.ts';
import { type Counted, countUsage, writtenTokens } from '../converse/usage.ts';
import type { Call } from '../operation.ts';

/** What a thought costs that nobody sees. */
const hiddenTokens = 32;

const isHidden = (block: AnswerBlock): boolean =>
  'reasoningContent' in block && block.reasoningContent.redactedContent !== undefined;

/** What the model says to a request. A thought that takes all the tokens there are leaves none for an answer. */
export function answerTo(request: ConverseRequest, call: Call, rewrite: (answer: Answer) => Answer): Answer {
  const { stopSequences, maxTokens = Number.POSITIVE_INFINITY } = request.inferenceConfig ?? {};
  const composed = rewrite(compose(request, call.model));
  const hidden = composed.blocks.filter(isHidden);
  const left = maxTokens - hidden.length * hiddenTokens;
  if (left <= 0) return { ...composed, blocks: hidden, stopReason: 'max_tokens', stopSequence: null };
  return limited(composed, stopSequences, left);
}

/** Tokens as OpenAI counts them: all that went in, cached or not, and thoughts among what came out. */
export interface Tokens {
  input: number;
  cached: number;
  written: number;
  output: number;
  reasoning: number;
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html: 1,024 tokens, for half an hour. */
const caching = {
  places: ['tools', 'system', 'messages'] as const,
  ttl1h: false,
  minTokens: 1024,
  afterToolResult: true,
  afterDocument: true,
};

export function tokensOf(request: ConverseRequest, answer: Answer, call: Call, caches: boolean): Tokens {
  const { model } = call;
  const family = caches ? { ...model.family, caching } : model.family;
  const counted: Counted = countUsage(request, answer, { ...call, model: { ...model, family } });
  const hidden = answer.blocks.filter(isHidden).length * hiddenTokens;
  const written = writtenTokens(counted);
  return {
    input: counted.input + counted.read + written,
    cached: counted.read,
    written,
    output: counted.output + hidden,
    reasoning: hidden + reasoningTokens(answer),
  };
}

function reasoningTokens({ blocks }: Answer): number {
  const texts = blocks.map((block) =>
    'reasoningContent' in block ? (block.reasoningContent.reasoningText?.text ?? '') : '',
  );
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the ids of an answer are made of: another one each time, and the same again after a reset. */
export function seedOf({ body, world }: Call): string {
  const asked = digest(JSON.stringify(body));
  return `${asked} ${world.countTry(`openai ${asked}`)}`;
}

/** At most 64 letters and digits. */
export const idFor = (seed: string, purpose: string, length: number): string =>
  digest(`${seed} ${purpose}`).slice(0, length);

/** The text of a block that is for the reader; undefined for all others. */
export function readableText(block: AnswerBlock): string | undefined {
  if ('text' in block) return block.text;
  if (!('citationsContent' in block)) return undefined;
  return (block.citationsContent.content ?? []).map(({ text }) => text).join('');
}

/** The calls of an answer that the client is to carry out. */
export const callsIn = ({ blocks }: Answer): { name: string; input: string }[] =>
  blocks.flatMap((block) => {
    if (!('toolUse' in block) || block.toolUse.type === 'server_tool_use') return [];
    const { name, input } = block.toolUse;
    return [{ name, input: typeof input === 'string' ? input : JSON.stringify(input) }];
  });

export const words = (text: string): string[] => text.match(/\s*\S+|\s+/g) ?? [];
export const fragments = (text: string): string[] => text.match(/[\s\S]{1,12}/gu) ?? [];
