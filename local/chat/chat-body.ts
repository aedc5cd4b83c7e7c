import { isCarried } from '../../lambda/apis/reasoning/formats.ts';
import { mediaKindOf } from '../../lambda/canonical/blocks.ts';
import type { ContentBlock, ReasoningBlock } from '../../lambda/canonical/types.ts';
import type { Turn } from '../conversations/format.ts';
import type { Question } from './connection.ts';

/**
 * A question as a body of Chat Completions. Of the APIs of a gateway it is the one that keeps everything of a turn:
 * signed reasoning travels as it is in `reasoning_details`, an effort means the same for every model, and no model's
 * largest answer has to be known.
 */
export function chatBody({ model, turns, settings, goesOn }: Question) {
  const { system, effort, maxTokens, temperature, outputFormat, fallbacks } = settings;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...turns.filter(({ content }) => content.length > 0).map(messageOf),
    ],
    stream: true,
    stream_options: { include_usage: true },
    ...(goesOn && { prompt_caching: { system: true, messages: true } }),
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(fallbacks && { fallbacks }),
    ...(outputFormat?.type === 'json_schema' && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: outputFormat.name, schema: outputFormat.schema, strict: true },
      },
    }),
  };
}

function messageOf({ role, content }: Turn): object {
  if (role === 'user') return { role, content: content.map(partOf) };
  const texts = content.flatMap((block) => textOf(block) ?? []);
  const reasoning = content.filter((block) => 'reasoningContent' in block).filter(isCarried);
  return {
    role,
    content: texts.join(''),
    ...(reasoning.length > 0 && { reasoning_details: reasoning.map(detailOf) }),
  };
}

const textOf = (block: ContentBlock): string | undefined => {
  if ('text' in block) return block.text;
  if ('citationsContent' in block) return block.citationsContent.content?.map(({ text }) => text).join('');
  return undefined;
};

/** OpenRouter's form of reasoning. */
function detailOf({ reasoningContent: { reasoningText, redactedContent } }: ReasoningBlock, index: number) {
  const format = 'anthropic-claude-v1';
  return reasoningText
    ? { type: 'reasoning.text', text: reasoningText.text, signature: reasoningText.signature, format, index }
    : { type: 'reasoning.encrypted', data: redactedContent, format, index };
}

function partOf(block: ContentBlock): object {
  if ('text' in block) return { type: 'text', text: block.text };
  if ('image' in block) {
    const { format, source } = block.image;
    return { type: 'image_url', image_url: { url: `data:image/${format};base64,${source.bytes}` } };
  }
  if ('document' in block) {
    const { name, format = 'txt', source } = block.document;
    return { type: 'file', file: { filename: `${name}.${format}`, file_data: source.bytes } };
  }
  throw new Error(`A conversation has a ${mediaKindOf(block) ?? 'block'} that cannot be sent to a gateway.`);
}
