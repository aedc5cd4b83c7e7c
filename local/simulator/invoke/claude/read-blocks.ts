import type { ContentBlock } from '../../converse/request.ts';
import { type Block, blocksOf, type ToolResult } from './body.ts';

/** A block as Converse would put it. What it has no place for goes where the model reads it as it is. */
export function blockOf(block: Block): ContentBlock {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'image':
    case 'document':
      return mediumOf(block);
    case 'thinking': {
      const { thinking: text, signature } = block;
      return { reasoningContent: { reasoningText: { text, signature } } };
    }
    case 'redacted_thinking':
      return { reasoningContent: { redactedContent: block.data } };
    case 'tool_use':
      return { toolUse: { toolUseId: block.id, name: block.name, input: block.input } };
    case 'server_tool_use': {
      const { id: toolUseId, name, input } = block;
      return { toolUse: { toolUseId, name, input, type: 'server_tool_use' } };
    }
    case 'tool_result':
      return { toolResult: resultOf(block) };
    default:
      return { searchResult: block };
  }
}

function mediumOf(block: Extract<Block, { type: 'image' | 'document' }>): ContentBlock {
  const { type, media_type = '', data = '', content } = block.source;
  if (block.type === 'image')
    return { image: { format: media_type.replace('image/', ''), source: { bytes: data } } };
  const name = block.title ?? 'document';
  const citations = block.citations?.enabled ? { citations: { enabled: true } } : {};
  if (type === 'base64') return { document: { name, format: 'pdf', source: { bytes: data }, ...citations } };
  const texts = blocksOf(content).map((each) => (each.type === 'text' ? each.text : ''));
  return { document: { name, format: 'txt', source: { text: data || texts.join('\n') }, ...citations } };
}

function resultOf({
  tool_use_id: toolUseId,
  content,
  is_error,
}: ToolResult): NonNullable<ContentBlock['toolResult']> {
  return {
    toolUseId,
    content: blocksOf(content).map(partOf),
    ...(is_error && { status: 'error' }),
  };
}

function partOf(block: Block): NonNullable<ContentBlock['toolResult']>['content'][number] {
  if (block.type === 'image' || block.type === 'document') {
    const { image, document } = mediumOf(block);
    return image ? { image } : { document };
  }
  if (block.type === 'text') return { text: block.text };
  if (block.type === 'search_result') return { searchResult: block };
  return { text: block.type === 'tool_reference' ? block.tool_name : JSON.stringify(block) };
}
