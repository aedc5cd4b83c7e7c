import { docs } from '../../docs.ts';
import { byModel, ignored, type Parameters, used } from '../shared/parameters.ts';

/*
 * Every parameter of Messages and what becomes of it: the one list behind `x-gateway-ignored`, the strict mode and
 * docs/messages.md. Those with an effect are the members of `messagesSchema`; a test compares the two.
 */

/** Anthropic's own (https://docs.anthropic.com/en/api/messages). */
export const anthropicParameters: Parameters = {
  model: used(
    docs &&
      'A model id, inference profile id, ARN, alias or listed name. `[1m]` at its end becomes the beta `context-1m-2025-08-07`.',
  ),
  max_tokens: byModel(docs && 'Required. Lowered to what the model can write.'),
  messages: used(docs && 'Turns of `user`, `assistant` and `system`; [the blocks](#blocks).'),
  system: used(
    docs &&
      'A string or text blocks. The line at its head that begins with `x-anthropic-billing-header:` goes to Claude alone, in its own API, and there only where nothing is joined to it.',
  ),
  stream: used(docs && 'Server-sent events.'),
  tools: used(
    docs &&
      'Tools of your own. By Converse `bash_*`, `text_editor_*` and `memory_*` become tools with the same name and members, and of deferred tools those are sent that the conversation has found. Tools that Anthropic runs are a 400.',
  ),
  tool_choice: used(
    docs &&
      '`auto`, `any`, `tool`, `none`; `disable_parallel_tool_use` where the model has it. Where the model cannot be made to call a tool it is asked to.',
  ),
  stop_sequences: byModel(
    docs && 'Where the model refuses them the gateway ends the answer there itself. Blank ones say nothing.',
  ),
  temperature: byModel(docs && 'Left out where the model refuses it.'),
  top_p: byModel(docs && 'Left out where the model refuses it, or refuses it next to `temperature`.'),
  top_k: byModel(docs && 'Sent under the name the family has for it; ignored where there is none.'),
  thinking: byModel(
    docs &&
      'As it is where the model takes that form; else a budget becomes adaptive thinking or an effort, and adaptive thinking a budget. `block_binding` goes to Claude alone, in its own API.',
  ),
  output_config: byModel(
    docs &&
      '`effort`: what the family has. `format`: native where the model has it, else a tool or an instruction; the answer is text either way. Other members are ignored.',
  ),
  output_format: used(docs && 'The older place of `output_config.format`, which wins over it.'),
  metadata: used(
    docs && '`user_id` stays for Claude; by Converse it becomes `requestMetadata`, cut at 256 characters.',
  ),
  cache_control: byModel(docs && 'Marks the end of the conversation.'),
  service_tier: byModel(
    docs &&
      '`auto` and `standard_only` leave the choice to Bedrock; `default`, `flex`, `priority` are Bedrock’s own. Ignored where the model lacks the tier.',
  ),
  context_management: byModel(
    docs &&
      'For the Claude models that have it on Bedrock. Ignored elsewhere; `clear_thinking_20251015` with `keep: "all"` asks for nothing and is accepted silently.',
  ),
  compaction: byModel(docs && 'For the Claude models that have it on Bedrock; a 400 elsewhere.'),
  container: used(docs && 'A 400 unless it is empty: Bedrock runs no code.'),
  mcp_servers: used(docs && 'A 400 unless it is empty: Bedrock calls no MCP servers.'),
  thread: used(
    docs &&
      'A 400 with `error.details.error_code` `thread_unsupported_request`: the SDKs’ tool runners then send the whole conversation.',
  ),
  safeguards: used(docs && 'A 400: Claude Code then goes on without.'),
  anthropic_version: used(docs && 'Any; the gateway sends Bedrock’s own. Also as a header.'),
  fallback_credit_token: ignored(docs && 'Anthropic’s own billing.'),
  billing_policy: ignored(docs && 'Anthropic’s own billing.'),
  inference_geo: ignored(docs && 'Choose the region by the inference profile, or set RESIDENCY.'),
  speed: ignored(docs && 'No counterpart on Bedrock.', ['standard']),
  diagnostics: ignored(docs && 'No counterpart on Bedrock.'),
  user_profile_id: ignored(docs && 'Use `requestMetadata` for cost allocation.'),
  workspace_id: ignored(docs && 'Use `requestMetadata` for cost allocation.'),
  tags: ignored(docs && 'Use `requestMetadata` for cost allocation.'),
};

/** Those of the SDKs, of this gateway and of Bedrock itself. */
export const otherMessagesParameters: Parameters = {
  betas: byModel(
    docs && 'Beta flags, with those of the `anthropic-beta` header. What Bedrock refuses is left out.',
  ),
  anthropic_beta: byModel(docs && 'The same.'),
  models: used(docs && 'Fallback models, tried in order after `model`.'),
  fallbacks: used(docs && 'The same, as a list of names. Anthropic’s own form is accepted silently.'),
  additionalModelRequestFields: used(docs && 'Passed on as it is, by Converse.'),
  additional_model_request_fields: used(docs && 'The same.'),
  additionalModelResponseFieldPaths: used(docs && 'By Converse.'),
  guardrailConfig: used(docs && 'Bedrock’s guardrail; also by the `X-Amzn-Bedrock-Guardrail*` headers.'),
  guardrail_config: used(docs && 'The same.'),
  requestMetadata: used(docs && 'Up to 16 entries, for cost allocation.'),
  serviceTier: byModel(docs && 'Converse’s form of `service_tier`, and wins over it.'),
  performanceConfig: used(docs && '`latency`.'),
  performance_config: used(docs && 'The same.'),
  promptVariables: used(docs && 'For prompt ARNs.'),
  prompt_variables: used(docs && 'The same.'),
};

export const parameters: Parameters = { ...anthropicParameters, ...otherMessagesParameters };
