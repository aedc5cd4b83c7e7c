import { invalid } from '../errors.ts';
import { importedModels } from '../models/owned.ts';
import type { Call } from '../operation.ts';
import { claudeText } from './formats/claude-text.ts';
import { command, commandR } from './formats/cohere.ts';
import { deepseek } from './formats/deepseek.ts';
import { bedrockCompletion, llama } from './formats/llama.ts';
import { mistral } from './formats/mistral.ts';
import { nova } from './formats/nova.ts';
import { openAiChat, openAiCompletion } from './formats/openai.ts';
import { qwen } from './formats/qwen.ts';
import { titanText } from './formats/titan-text.ts';
import type { NativeFormat } from './native-format.ts';

interface Row {
  match: RegExp;
  format: NativeFormat | ((body: Record<string, unknown>) => NativeFormat);
}

/** Foundation models that answer InvokeModel, by id; the first that matches. */
const foundation: readonly Row[] = [
  { match: /^amazon\.titan-(text|tg1)/, format: titanText },
  { match: /^amazon\.nova-(?!canvas|reel|sonic)/, format: nova },
  // All else that Claude is asked is the Messages API: `invoke/claude/`.
  { match: /^anthropic\.claude-(v2|instant)/, format: claudeText },
  { match: /^meta\./, format: llama },
  {
    match: /^mistral\.(mistral|mixtral)-/,
    format: (body) => ('prompt' in body ? mistral : openAiChat),
  },
  { match: /^cohere\.command-r/, format: commandR },
  { match: /^cohere\.command/, format: command },
  // The recorded answers of Jamba and of the GPT models are chat completions.
  {
    match: /^(ai21\.jamba|openai\.|qwen\.|mistral\.|moonshot|minimax|zai|nvidia|google)/,
    format: openAiChat,
  },
  { match: /^(deepseek\.|simulator\.)/, format: (body) => ('messages' in body ? openAiChat : deepseek) },
];

/** Models imported before this day keep their architecture's own format (AWS, "Invoke your imported model"). */
const openAiSince = Date.parse('2025-11-12T00:00:00Z');
const architectures: Readonly<Record<string, NativeFormat>> = {
  llama,
  mistral,
  qwen2: qwen,
  qwen3: qwen,
  deepseek,
};

/** The format that a call has to be in, or is in where the model takes several. */
export function nativeFormatOf({ modelId, model, body }: Call): NativeFormat {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (model.kind === 'imported') return importedFormat(modelId, sent);
  if (model.kind === 'marketplace') return byShape(sent);
  const row = foundation.find(({ match }) => match.test(model.id));
  if (!row) throw invalid('The model is unsupported by the simulator.');
  return typeof row.format === 'function' ? row.format(sent) : row.format;
}

function importedFormat(arn: string, body: Record<string, unknown>): NativeFormat {
  const model = importedModels.find(({ id }) => arn.endsWith(`/${id}`));
  const own = Date.parse(model?.created ?? '') < openAiSince ? architectures[model!.architecture] : undefined;
  return own ?? byShape(body);
}

/** The three formats of newer imports are told apart by their members. */
function byShape(body: Record<string, unknown>): NativeFormat {
  if ('messages' in body) return openAiChat;
  return 'max_tokens' in body ? openAiCompletion : bedrockCompletion;
}
