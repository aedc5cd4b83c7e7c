import { metadata as limits } from '../../aws/limits.ts';
import { ByteBudget } from '../../bounds.ts';
import type { CanonicalRequest, Intent } from '../../canonical/request.ts';
import { cleanMetadata } from '../../canonical/request-metadata.ts';
import { type ToolChanges, toolKey, withDefined } from '../../canonical/tool-changes.ts';
import type { ConverseRequest, InferenceConfig, Message } from '../../canonical/types.ts';
import type { ReadContext } from '../api.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { AskedMessages } from './asked.ts';
import { translateBetas } from './betas.ts';
import type { Block, Turn } from './conversation.ts';
import { Losses } from './losses.ts';
import { readOutputFormat, readReasoning } from './reasoning.ts';
import type { MessagesRequest } from './schema.ts';
import { type GivenTool, namesOf, type RequestedTools, translateTools } from './tools.ts';
import { translateTurns } from './turns.ts';

/** A request with everything in it checked. */
export interface CheckedMessages extends AskedMessages {
  system: readonly Block[];
  turns: readonly Turn[];
  tools: readonly GivenTool[];
  changes: ToolChanges;
  /** Tools that the conversation defines. */
  definitions: readonly GivenTool[];
  /** What Bedrock has and the API has not. */
  own: Partial<ConverseRequest>;
}

/**
 * A request in the canonical shape. Throws a 400 for what would change the answer and has no form in Converse; a 413
 * for files that become too much.
 */
export function translateMessages(checked: CheckedMessages, context: ReadContext): CanonicalRequest {
  const { request, model, turns } = checked;
  if (request.compaction != null) {
    throw unsupported('compaction: only Claude has it, in its own API. Leave it out.', 'compaction');
  }
  const losses = new Losses();
  const definitions = new Map(checked.definitions.map((tool) => [toolKey(tool), tool]));
  const given = withDefined(checked.tools, definitions);
  const tools = translateTools(given, request.tool_choice, checked.changes);
  const bytes = new ByteBudget();
  bytes.spend(context.bodyBytes);
  const reading = { fetched: context.fetched, bytes, losses, defined: namesOf(given) };
  const { system, messages } = translateTurns(checked.system, turns, reading);
  markEnd(messages, request);
  const ignored: string[] = [];
  const intent = readIntent(checked, tools, ignored);
  const metadata = metadataOf(checked);
  const converse: ConverseRequest = {
    messages,
    ...(system.length > 0 && { system }),
    inferenceConfig: inference(request),
    ...(tools.toolConfig && { toolConfig: tools.toolConfig }),
    ...checked.own,
    ...(metadata && { requestMetadata: metadata }),
  };
  return { model, converse, intent, lost: losses.warnings(), ignored };
}

/** The mark of the whole request stands behind its last block. */
function markEnd(messages: readonly Message[], { cache_control }: MessagesRequest): void {
  const last = messages.at(-1);
  if (last) pushCachePoint(last.content, { cache_control });
}

function inference(request: MessagesRequest): InferenceConfig {
  const { max_tokens: maxTokens, temperature, top_p: topP, stop_sequences } = request;
  const stopSequences = (stop_sequences ?? []).filter((sequence) => sequence.trim() !== '');
  return {
    maxTokens,
    ...(temperature != null && { temperature }),
    ...(topP != null && { topP }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}

function readIntent(checked: CheckedMessages, tools: RequestedTools, ignored: string[]): Intent {
  const { request, turns } = checked;
  const reasoning = readReasoning(request, ignored);
  const outputFormat = readOutputFormat(request);
  const betas = translateBetas(checked.betas);
  for (const name of [...betas.ignored, ...withoutForm(request)]) ignored.push(name);
  return {
    ...(reasoning && { reasoning }),
    ...(tools.toolChoiceNone && { toolChoiceNone: true }),
    ...(tools.parallelToolCalls === false && { parallelToolCalls: false }),
    ...(outputFormat && { outputFormat }),
    ...(request.top_k != null && { topK: request.top_k }),
    ...(betas.kept.length > 0 && { anthropicBeta: betas.kept }),
    ...(turns.some(({ role }) => role === 'system') && { plainInstructions: true }),
  };
}

/** Parameters that only Claude's own API has, where they ask for something. */
function withoutForm({ context_management: management, output_config }: MessagesRequest): string[] {
  const edits = Array.isArray(management?.edits) ? management.edits : [];
  const keepsAll = edits.every(
    (edit) => edit?.type === 'clear_thinking_20251015' && (edit.keep === 'all' || edit.keep?.type === 'all'),
  );
  const others = Object.entries(output_config ?? {})
    .filter(([name, value]) => name !== 'effort' && name !== 'format' && value != null)
    .map(([name]) => `output_config.${name.slice(0, 64)}`);
  return [...(keepsAll ? [] : ['context_management']), ...others.slice(0, 10)];
}

/** Who asked, for the bill; what the client says of its request itself has room first. */
function metadataOf({ request, own }: CheckedMessages): Record<string, string> | undefined {
  const given = own.requestMetadata;
  const user = cleanMetadata(request.metadata?.user_id ?? '').slice(0, limits.characters);
  if (user.trim() === '' || Object.keys(given ?? {}).length >= limits.entries) return given;
  return { user_id: user, ...given };
}
