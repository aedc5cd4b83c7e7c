import type {
  ContentBlock,
  ConverseRequest,
  DocumentBlock,
  ImageBlock,
  Json,
  JsonObject,
  Message,
  OutputConfig,
  ToolChoice,
  ToolConfig,
  ToolResultContent,
} from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';

/** What InvokeModel wants in the body of a Claude. */
const version = 'bedrock-2023-05-31';
/** Where a request names none; Claude's own API demands one, and Converse stops there. */
const usualMaxTokens = 4096;

/**
 * A request of Converse, fitted to a Claude, as the body that the same Claude takes by InvokeModel: for jobs of batch
 * inference, which take tools in this form alone
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html). Cache points and guardrails have no
 * place in such a job. Throws a 400 for media that this form cannot carry.
 */
export function messagesBody(request: ConverseRequest): JsonObject {
  const { messages, system = [], inferenceConfig = {}, toolConfig, outputConfig } = request;
  const { output_config, ...fields } = request.additionalModelRequestFields ?? {};
  const { maxTokens = usualMaxTokens, temperature, topP, stopSequences } = inferenceConfig;
  const output = { ...(output_config as JsonObject | undefined), ...outputOf(outputConfig) };
  const systemBlocks = system.flatMap((block) => blocksOf(block as ContentBlock));
  return {
    anthropic_version: version,
    max_tokens: maxTokens,
    ...(systemBlocks.length > 0 && { system: systemBlocks }),
    messages: messages.map(turnOf),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stopSequences && stopSequences.length > 0 && { stop_sequences: stopSequences }),
    ...(toolConfig && toolsOf(toolConfig)),
    ...(Object.keys(output).length > 0 && { output_config: output }),
    // Where fitting has put the choice of a tool that may not be called beside others.
    ...fields,
  };
}

const turnOf = ({ role, content }: Message): JsonObject => ({ role, content: content.flatMap(blocksOf) });

function outputOf({ textFormat, effort }: OutputConfig = {}): JsonObject {
  return {
    ...(textFormat && {
      format: { type: 'json_schema', schema: JSON.parse(textFormat.structure.jsonSchema.schema) as Json },
    }),
    ...(effort !== undefined && { effort }),
  };
}

function toolsOf({ tools, toolChoice }: ToolConfig): JsonObject {
  const own = tools.flatMap((tool): JsonObject[] => {
    if ('systemTool' in tool) throw cannotCarry(`the system tool ${tool.systemTool.name}`);
    if (!('toolSpec' in tool)) return [];
    const { name, description, inputSchema, strict } = tool.toolSpec;
    return [
      {
        name,
        ...(description && { description }),
        input_schema: inputSchema.json,
        ...(strict && { strict }),
      },
    ];
  });
  return { tools: own, ...(toolChoice && { tool_choice: choiceOf(toolChoice) }) };
}

function choiceOf(choice: ToolChoice): JsonObject {
  if ('tool' in choice) return { type: 'tool', name: choice.tool.name };
  return { type: 'any' in choice ? 'any' : 'auto' };
}

/** One block of Converse as none or one of Claude's. */
function blocksOf(block: ContentBlock): JsonObject[] {
  if ('text' in block) return [{ type: 'text', text: block.text }];
  if ('image' in block) return [imageOf(block)];
  if ('document' in block) return [documentOf(block)];
  if ('toolUse' in block) {
    const { toolUseId: id, name, input } = block.toolUse;
    return [{ type: 'tool_use', id, name, input }];
  }
  if ('toolResult' in block) {
    const { toolUseId: tool_use_id, content, status } = block.toolResult;
    const is_error = status === 'error';
    return [
      { type: 'tool_result', tool_use_id, content: content.flatMap(resultOf), ...(is_error && { is_error }) },
    ];
  }
  if ('reasoningContent' in block) {
    const { reasoningText, redactedContent } = block.reasoningContent;
    if (redactedContent !== undefined) return [{ type: 'redacted_thinking', data: redactedContent }];
    const { text = '', signature } = reasoningText ?? {};
    return signature === undefined ? [] : [{ type: 'thinking', thinking: text, signature }];
  }
  if ('guardContent' in block) {
    const { text } = block.guardContent;
    return text ? [{ type: 'text', text: text.text }] : [];
  }
  if ('citationsContent' in block)
    return (block.citationsContent.content ?? []).map(({ text }) => ({ type: 'text', text }));
  if ('searchResult' in block) {
    const { source, title, content, citations } = block.searchResult;
    const texts = content.map(({ text }) => ({ type: 'text', text }));
    return [{ type: 'search_result', source, title, content: texts, ...(citations && { citations }) }];
  }
  if ('cachePoint' in block) return [];
  throw cannotCarry('video' in block ? 'video' : 'audio');
}

const resultOf = (content: ToolResultContent): JsonObject[] =>
  'json' in content ? [{ type: 'text', text: JSON.stringify(content.json) }] : blocksOf(content);

function imageOf({ image: { format, source } }: ImageBlock): JsonObject {
  if (source.bytes === undefined) throw cannotCarry('an image in S3');
  return { type: 'image', source: { type: 'base64', media_type: `image/${format}`, data: source.bytes } };
}

const plain: ReadonlySet<string> = new Set(['txt', 'md', 'csv', 'html']);

function documentOf({ document }: DocumentBlock): JsonObject {
  const { name: title, format = 'txt', source, context, citations } = document;
  const rest = { title, ...(context && { context }), ...(citations && { citations }) };
  if (source.content) {
    const content = source.content.map(({ text }) => ({ type: 'text', text }));
    return { type: 'document', source: { type: 'content', content }, ...rest };
  }
  if (source.text === undefined && source.bytes === undefined) throw cannotCarry('a document in S3');
  if (format === 'pdf' && source.bytes !== undefined) {
    const data = source.bytes;
    return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data }, ...rest };
  }
  if (!plain.has(format)) throw cannotCarry(`a document of the format ${format}`);
  const data = source.text ?? Buffer.from(source.bytes ?? '', 'base64').toString();
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...rest };
}

const cannotCarry = (what: string) =>
  badRequest(`Batch inference of Claude on Amazon Bedrock does not take ${what}.`);
