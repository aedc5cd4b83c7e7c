import type { ContentBlock, ConverseRequest } from '../converse/request.ts';

/**
 * The texts of a conversation that a guardrail looks at: of the messages, in all turns, those that are marked or
 * else all; of the system prompt only those that are marked. Never results, definitions and arguments of tools
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html).
 */
export function assessedTexts({ system = [], messages = [] }: ConverseRequest): string[] {
  const blocks = messages.flatMap(({ content }) => content);
  const marked = blocks.filter(({ guardContent }) => guardContent !== undefined);
  const looked = marked.length > 0 ? marked.map(guarded) : blocks.map(({ text }) => text);
  return [...system.map(guarded), ...looked].filter((text) => text !== undefined);
}

const guarded = ({ guardContent }: Pick<ContentBlock, 'guardContent'>) => guardContent?.text?.text;

/** Where InvokeModel is told how its guardrail is to be applied. */
export const guardrailMember = 'amazon-bedrock-guardrailConfig';

/** Members of native bodies that hold what people say. */
const spoken: ReadonlySet<string> = new Set([
  'prompt',
  'inputText',
  'message',
  'messages',
  'chat_history',
  'system',
  'content',
  'text',
]);

/**
 * The texts of a native body that a guardrail looks at: where the body names a suffix for tags and its texts have
 * such tags, what stands in them; else all
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html).
 */
export function assessedInBody(body: unknown, tagSuffix: string | undefined): string[] {
  const texts = spokenTexts(body);
  if (tagSuffix === undefined) return texts;
  const tag = `amazon-bedrock-guardrails-guardContent_${tagSuffix}`;
  const tagged = texts.flatMap((text) =>
    [...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, inside = '']) => inside),
  );
  return tagged.length > 0 ? tagged : texts;
}

/** Of results of tools nothing, as in Converse. */
function spokenTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(spokenTexts);
  if (typeof value !== 'object' || value === null) return [];
  if ('role' in value && value.role === 'tool') return [];
  if ('type' in value && value.type === 'tool_result') return [];
  return Object.entries(value).flatMap(([name, member]) => (spoken.has(name) ? spokenTexts(member) : []));
}
