import type { Capabilities } from '../../models/capabilities.ts';
import type { BodyFormat } from './body-format.ts';
import { completionFields, type FieldNames, refuseSchema } from './completion-fields.ts';
import { promptOf } from './prompt.ts';
import { responseFormat } from './response-format.ts';
import type { TemplateName } from './templates/templates.ts';

interface PromptFormat {
  names: FieldNames;
  template: TemplateName;
  /** Takes `response_format` with a schema. */
  schema?: true;
  capabilities?: Partial<Capabilities>;
}

/** A body with one prompt: they differ in what they call its parameters. */
function promptFormat({ names, template, schema, capabilities }: PromptFormat): BodyFormat {
  return {
    template,
    capabilities: {
      stopSequences: names.stop !== undefined,
      structuredOutput: schema ? 'native' : 'prompt',
      ...capabilities,
    },
    toBody(request, chosen) {
      if (!schema) refuseSchema(request);
      return {
        ...completionFields(request, names),
        prompt: promptOf(request, chosen),
        ...(schema && responseFormat(request)),
      };
    },
  };
}

/** Llama: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html */
const llama = promptFormat({ names: { maxTokens: 'max_gen_len' }, template: 'llama3' });

/**
 * Mistral and Mixtral:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
 */
const mistral = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'mistral',
  capabilities: { topK: 'top_k' },
});

/** Qwen 2 to 3, as LiteLLM calls imported ones (its `amazon_qwen3_transformation`); AWS has no page for it. */
const qwen = promptFormat({
  names: { maxTokens: 'max_gen_len', stop: 'stop' },
  template: 'chatml',
  capabilities: { topK: 'top_k', leaks: 'think-tags' },
});

/** DeepSeek-R1 and its distillations: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html */
const deepseek = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'deepseek',
  capabilities: { leaks: 'think-tags' },
});

/**
 * OpenAI's completion: models imported after 11 November 2025, chosen by `max_tokens`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html).
 */
const openAiCompletion = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'chatml',
});

/**
 * Bedrock's own completion: models imported after 11 November 2025, chosen by `max_gen_len`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html).
 */
const bedrockCompletion = promptFormat({
  names: { maxTokens: 'max_gen_len' },
  template: 'llama3',
  schema: true,
});

/** Every format that has one prompt, by the name that settings know it by. */
export const promptFormats: Readonly<Record<string, BodyFormat>> = {
  'openai-completion': openAiCompletion,
  'bedrock-completion': bedrockCompletion,
  llama,
  mistral,
  qwen,
  deepseek,
};
