import { docs } from '../../docs.ts';
import { bedrockParameters } from '../openai/bedrock-parameters.ts';
import { byModel, ignored, type Parameters, used } from '../shared/parameters.ts';

/*
 * Every parameter of Responses and what becomes of it: the one list behind `x-gateway-ignored`, the strict mode and
 * docs/responses.md. Those with an effect are the members of `responsesSchema`; a test compares the two.
 */

/** OpenAI's own (https://platform.openai.com/docs/api-reference/responses/create). */
export const responsesParameters: Parameters = {
  model: used(docs && 'A model id, inference profile id, ARN, alias or listed name.'),
  input: used(docs && 'A string or items: Converse messages and system blocks.'),
  instructions: used(docs && 'The first `system` block.'),
  max_output_tokens: byModel(
    docs && '`inferenceConfig.maxTokens`, lowered to what the model can write; it counts the reasoning too.',
  ),
  temperature: byModel(
    docs && '`inferenceConfig.temperature`; above 1 it becomes 1. Left out where the model refuses it.',
  ),
  top_p: byModel(
    docs &&
      '`inferenceConfig.topP`. Left out where the model refuses it, or refuses it next to `temperature`.',
  ),
  tools: used(
    docs &&
      '`toolConfig.tools`. Functions, custom tools, namespaces, `tool_search` of the client’s, `local_shell`, `shell`, `apply_patch`; tools that OpenAI runs are ignored and named.',
  ),
  tool_choice: used(
    docs &&
      '`none`, `auto`, `required`, a named tool, `allowed_tools`; a tool that OpenAI runs is refused. Where the model cannot be made to call one it is asked to.',
  ),
  parallel_tool_calls: byModel(docs && '`false` is honoured by Claude 4 and later; ignored elsewhere.'),
  reasoning: byModel(
    docs &&
      '`effort` becomes what the family has. With `summary` Claude 4.7 and later show their thinking, without it they do not; others always do.',
  ),
  text: used(
    docs &&
      '`format`: `text`, `json_object`, `json_schema`: native where the model has it, else a tool or an instruction; without effect where a call is demanded. `verbosity` is ignored and named; `medium` is accepted silently.',
  ),
  include: used(
    docs && '`reasoning.encrypted_content` comes whether asked for or not; others are ignored and named.',
  ),
  stream: used(docs && 'Server-sent events.'),
  stream_options: used(docs && 'Accepted: events are not padded, which is all that it is about.'),
  store: used(
    docs &&
      'Unless it is `false` the answer is [stored](#stored-answers), where the gateway stores any; the answer says whether it was. Calls carry the text before them besides, so that clients may refer to it.',
  ),
  background: used(docs && '`true` is refused.'),
  previous_response_id: used(
    docs &&
      'What was said up to that [stored answer](#stored-answers) stands before the input. One that is not stored is refused.',
  ),
  conversation: used(
    docs &&
      'A [stored conversation](#stored-answers): it stands before the input, and input and answer are added to it. Another one is a 404.',
  ),
  prompt: used(
    docs &&
      'Refused, unless `id` is the ARN of a prompt of Bedrock’s: that is called then, with `version` and `variables`.',
  ),
  service_tier: byModel(
    docs &&
      '`default`, `flex`, `priority`; `auto` leaves the choice to Bedrock, `scale`, `fast` and `ultrafast` become `priority`. Ignored where the model lacks the tier.',
  ),
  metadata: used(docs && '`requestMetadata`, up to 16 entries; comes back in the answer.'),
  truncation: used(
    docs && 'Comes back in the answer. Nothing is cut: what is too long is refused by the model.',
  ),
  prompt_cache_key: used(docs && 'Comes back in the answer. Bedrock finds cached prefixes by itself.'),
  safety_identifier: used(docs && 'Comes back in the answer. Use `metadata` for cost allocation.'),
  user: used(docs && 'The same.'),
  max_tool_calls: ignored(docs && 'It is about tools that OpenAI runs.'),
  top_logprobs: ignored(docs && 'Bedrock gives none.', [0]),
  prompt_cache_options: ignored(docs && 'Mark the place with `prompt_cache_breakpoint`.'),
  prompt_cache_retention: ignored(docs && 'Use the `ttl` of `prompt_cache_breakpoint`.'),
  context_management: ignored(docs && 'Use POST /responses/compact or an item `compaction_trigger`.'),
  client_metadata: ignored(docs && 'Codex’s own.'),
  moderation: ignored(docs && 'Use a guardrail.'),
  image: ignored(docs && 'Answers are text.'),
  access_programs: ignored(docs && 'No counterpart on Bedrock.'),
  background_options: ignored(docs && 'There are no answers in the background.'),
};

/** Those of Bedrock itself. */
export const bedrockOwnParameters: Parameters = {
  models: used(docs && 'Fallback models, tried in order after `model`.'),
  fallbacks: used(docs && 'The same.'),
  ...bedrockParameters,
};

export const parameters: Parameters = { ...responsesParameters, ...bedrockOwnParameters };
