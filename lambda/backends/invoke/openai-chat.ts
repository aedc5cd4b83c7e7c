import type { JsonObject, ToolConfig } from '../../canonical/types.ts';
import { field } from '../../fields.ts';
import type { BodyFormat } from './body-format.ts';
import { openAiMessages } from './openai-messages.ts';
import { cannotCarry } from './refuse.ts';
import { responseFormat } from './response-format.ts';

/**
 * OpenAI's chat completion: models imported after 11 November 2025. Images are base64; tools are for gpt-oss
 * only (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html). The model's own
 * chat template is applied by Bedrock.
 */
export const openAiChat: BodyFormat = {
  capabilities: {
    tools: true,
    toolChoice: { any: true, tool: true },
    image: true,
    structuredOutput: 'native',
    // The template opens a turn of the assistant of its own, so an unfinished one is not gone on with.
    assistantLast: false,
    reasoning: { kind: 'effort', values: ['low', 'medium', 'high'], canDisable: false },
  },
  toBody(request) {
    const { maxTokens, temperature, topP, stopSequences } = request.inferenceConfig ?? {};
    const { stream: _, ...extra } = request.additionalModelRequestFields ?? {};
    return {
      ...extra,
      messages: openAiMessages(request),
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { top_p: topP }),
      ...(stopSequences?.length && { stop: stopSequences }),
      ...(request.toolConfig && openAiTools(request.toolConfig)),
      ...responseFormat(request),
    };
  },
};

function openAiTools({ tools, toolChoice }: ToolConfig): JsonObject {
  const functions = tools.flatMap((tool): JsonObject[] => {
    if ('systemTool' in tool)
      throw cannotCarry(`the system tool ${tool.systemTool.name}`, field('webSearch'));
    if (!('toolSpec' in tool)) return [];
    const { name, description, inputSchema, strict } = tool.toolSpec;
    const parameters = inputSchema.json;
    return [
      {
        type: 'function',
        function: { name, ...(description && { description }), parameters, ...(strict && { strict }) },
      },
    ];
  });
  return { tools: functions, ...(toolChoice && { tool_choice: openAiToolChoice(toolChoice) }) };
}

function openAiToolChoice(choice: NonNullable<ToolConfig['toolChoice']>): string | JsonObject {
  if ('tool' in choice) return { type: 'function', function: { name: choice.tool.name } };
  return 'any' in choice ? 'required' : 'auto';
}
