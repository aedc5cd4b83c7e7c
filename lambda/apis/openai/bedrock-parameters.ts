import { docs } from '../../docs.ts';
import { byModel, type Parameters, used } from '../shared/parameters.ts';

/** Bedrock's own parameters, as every API of OpenAI's takes them beside its own. */
export const bedrockParameters: Parameters = {
  additionalModelRequestFields: used(docs && 'Passed on as it is.'),
  additional_model_request_fields: used(docs && 'The same.'),
  additionalModelResponseFieldPaths: used(docs && 'The fields come back under `bedrock`.'),
  anthropic_beta: byModel(
    docs && 'Added to `additionalModelRequestFields.anthropic_beta`; also by the `anthropic-beta` header.',
  ),
  guardrailConfig: used(docs && 'Converse’s guardrail; also by the `X-Amzn-Bedrock-Guardrail*` headers.'),
  guardrail_config: used(docs && 'The same.'),
  requestMetadata: used(docs && 'Converse’s form of `metadata`; wins over it key by key.'),
  serviceTier: byModel(docs && 'Converse’s form of `service_tier`, and wins over it.'),
  performanceConfig: used(docs && '`latency`.'),
  performance_config: used(docs && 'The same.'),
  promptVariables: used(docs && 'For prompt ARNs.'),
  prompt_variables: used(docs && 'The same.'),
};
