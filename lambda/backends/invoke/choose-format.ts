import { ConfigError } from '../../config.ts';
import type { InvokeFormat } from '../../models/target.ts';
import { findFormat, formatNames, templateNames } from './formats.ts';

/** What is known of an imported model. */
export interface ImportedModelTraits {
  arn: string;
  /** As GetImportedModel says it, e.g. `qwen2`, `LlamaForCausalLM`, `gpt_oss`. */
  architecture?: string;
  /** Epoch milliseconds. */
  createdAt?: number;
  name?: string;
}

/**
 * Models imported after 11 November 2025 take the OpenAI formats, those before keep their architecture's own
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html).
 */
const openAiSince = Date.parse('2025-11-12T00:00:00Z');

interface Architecture {
  match: RegExp;
  /** Of models imported before. */
  own: InvokeFormat;
  /** Of models imported since; default: `openai-chat`. */
  now?: InvokeFormat;
}

const architectures: readonly Architecture[] = [
  // Imported since August 2025 only, and in this format from the first day.
  { match: /gpt_?oss/, own: 'openai-chat' },
  { match: /t5|bigcode|starcoder/, own: 'bedrock-completion/plain', now: 'openai-completion/plain' },
  { match: /deepseek/, own: 'deepseek' },
  { match: /mistral|mixtral/, own: 'mistral' },
  { match: /qwen/, own: 'qwen' },
  { match: /llama_?2(?!\d)/, own: 'llama/llama2' },
  { match: /llama_?4/, own: 'llama/llama4' },
  { match: /llama/, own: 'llama' },
];
const unknown: Architecture = { match: /(?:)/, own: 'bedrock-completion/plain' };

/** The body format for an imported model; of one that nothing is known of, that of new models. */
export function chooseFormat(
  model: ImportedModelTraits,
  overrides: Readonly<Record<string, string>> = {},
): InvokeFormat {
  const { architecture = '', createdAt = Number.POSITIVE_INFINITY } = model;
  const chosen = formatOverride(model, overrides);
  if (chosen !== undefined) return chosen;
  const name = architecture.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const { own, now = 'openai-chat' } = architectures.find(({ match }) => match.test(name)) ?? unknown;
  return createdAt >= openAiSince ? now : own;
}

/** The same for a prompt that is to reach the model as it is written: what carries messages has no place for one. */
export function rawFormat(format: InvokeFormat): InvokeFormat {
  const [name = ''] = format.split('/');
  return `${name === 'openai-chat' ? 'openai-completion' : name}/raw`;
}

/** What a setting says for this model, under its ARN, the id at the ARN's end, `custom.` and that, or its name. */
export function formatOverride(
  { arn, name }: Pick<ImportedModelTraits, 'arn' | 'name'>,
  overrides: Readonly<Record<string, string>>,
): InvokeFormat | undefined {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  const key = [arn, id, `custom.${id}`, name].find(
    (each) => each !== undefined && Object.hasOwn(overrides, each),
  );
  return key === undefined ? undefined : overrides[key];
}

/** For start-up: throws a ConfigError that names the format in IMPORTED_MODEL_FORMATS that does not exist. */
export function checkFormats(overrides: Readonly<Record<string, string>>): void {
  for (const [model, format] of Object.entries(overrides)) {
    if (findFormat(format)) continue;
    throw new ConfigError(
      `IMPORTED_MODEL_FORMATS ${model} is ${JSON.stringify(format)}: must be one of ${formatNames}; ` +
        `one that has only a prompt may name a template (${templateNames}), as in llama/llama2`,
    );
  }
}
