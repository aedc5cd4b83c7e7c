import { docs } from '../../docs.ts';
import { bedrockParameters } from '../openai/bedrock-parameters.ts';
import { byModel, ignored, type Parameters, used, user } from '../shared/parameters.ts';

/** Every parameter and what becomes of it: behind `x-gateway-ignored`, the strict mode and docs/completions.md. */
export const completionsParameters: Parameters = {
  model: used(docs && 'A model id, inference profile id, ARN, alias or listed name.'),
  prompt: used(
    docs && 'A text, or a list of up to 16. Tokens are refused: each model on Bedrock has its own.',
  ),
  suffix: used(
    docs && 'The model is instructed to write what belongs between `prompt` and this, and a warning says so.',
  ),
  max_tokens: byModel(docs && '`inferenceConfig.maxTokens`. 16 where it is absent, as at OpenAI.'),
  temperature: byModel(docs && 'As for Chat Completions.'),
  top_p: byModel(docs && 'As for Chat Completions.'),
  n: used(docs && '1 to 8 answers to each prompt, made by as many calls; at most 16 in one request.'),
  best_of: used(docs && 'Refused unless it is `n`: nothing tells which answer is the best.'),
  stop: used(
    docs &&
      '`inferenceConfig.stopSequences`. Where the model refuses it the gateway ends the answer there itself.',
  ),
  echo: used(docs && 'The prompt stands before each text.'),
  stream: used(docs && 'Server-sent events.'),
  stream_options: used(docs && '`include_usage`.'),
  frequency_penalty: byModel(docs && 'Ignored: models on Bedrock have none. 0 is accepted silently.'),
  presence_penalty: byModel(docs && 'Ignored: models on Bedrock have none. 0 is accepted silently.'),
  logit_bias: byModel(docs && 'Ignored: models on Bedrock have none.'),
  seed: byModel(docs && 'Ignored: models on Bedrock have none.'),
  logprobs: ignored(docs && 'Bedrock gives none: `logprobs` of each choice is null.'),
  user,
};

/** Those of other gateways and of Bedrock itself. */
export const otherCompletionsParameters: Parameters = {
  models: used(docs && 'Fallback models, tried in order after `model`.'),
  fallbacks: used(docs && 'The same.'),
  top_k: byModel(docs && 'Sent under the name the family has for it; ignored where there is none.'),
  metadata: used(docs && '`requestMetadata`, up to 16 entries.'),
  service_tier: byModel(docs && 'As for Chat Completions.'),
  ...bedrockParameters,
};

export const parameters: Parameters = { ...completionsParameters, ...otherCompletionsParameters };
