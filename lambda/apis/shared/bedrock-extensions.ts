import type { ConverseRequest, GuardrailConfig, JsonObject } from '../../canonical/types.ts';

/**
 * What Bedrock has and the clients' APIs have not, under Converse's names or their snake_case; every API takes
 * these. Of two spellings the first counts; metadata and variables of both are joined.
 */
export interface BedrockExtensions {
  serviceTier?: { type: string } | null | undefined;
  service_tier?: string | null | undefined;
  requestMetadata?: Texts;
  metadata?: Texts;
  promptVariables?: Texts;
  prompt_variables?: Texts;
  guardrailConfig?: GivenGuardrail | null | undefined;
  guardrail_config?: GivenGuardrail | null | undefined;
  performanceConfig?: Performance | null | undefined;
  performance_config?: Performance | null | undefined;
  additionalModelRequestFields?: object | null | undefined;
  additional_model_request_fields?: object | null | undefined;
  additionalModelResponseFieldPaths?: string[] | null | undefined;
}

/** null counts as absent here too. */
interface GivenGuardrail extends Pick<GuardrailConfig, 'guardrailIdentifier' | 'guardrailVersion'> {
  trace?: GuardrailConfig['trace'] | null | undefined;
  streamProcessingMode?: GuardrailConfig['streamProcessingMode'] | null | undefined;
}
type Texts = Record<string, string> | null | undefined;
type Performance = NonNullable<ConverseRequest['performanceConfig']>;

const tiers = new Map([
  ['scale', 'priority'],
  ['fast', 'priority'],
  ['ultrafast', 'priority'],
]);

/** As they go to Converse. `modelFields`: members for the model itself that stood elsewhere in the request. */
export function bedrockOwn(request: BedrockExtensions, modelFields: JsonObject): Partial<ConverseRequest> {
  const tier = request.serviceTier?.type ?? request.service_tier ?? 'auto';
  const metadata = { ...request.metadata, ...request.requestMetadata };
  const variables = Object.entries({ ...request.prompt_variables, ...request.promptVariables });
  const fields = {
    ...modelFields,
    ...((request.additionalModelRequestFields ?? request.additional_model_request_fields) as
      | JsonObject
      | undefined),
  };
  const guardrail = request.guardrailConfig ?? request.guardrail_config;
  const performance = request.performanceConfig ?? request.performance_config;
  const paths = request.additionalModelResponseFieldPaths ?? [];
  return {
    ...(guardrail && { guardrailConfig: guardrailOf(guardrail) }),
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
    ...(paths.length > 0 && { additionalModelResponseFieldPaths: paths }),
    ...(variables.length > 0 && {
      promptVariables: Object.fromEntries(variables.map(([name, text]) => [name, { text }])),
    }),
    ...(Object.keys(metadata).length > 0 && { requestMetadata: metadata }),
    ...(performance && { performanceConfig: { latency: performance.latency } }),
    ...(tier !== 'auto' && { serviceTier: { type: tiers.get(tier) ?? tier } }),
  };
}

function guardrailOf(given: GivenGuardrail): GuardrailConfig {
  const { guardrailIdentifier, guardrailVersion, trace, streamProcessingMode } = given;
  return {
    guardrailIdentifier,
    guardrailVersion,
    ...(trace && { trace }),
    ...(streamProcessingMode && { streamProcessingMode }),
  };
}
