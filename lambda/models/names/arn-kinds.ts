/** What an ARN's resource type means for a call. */
export type ArnKind =
  /** Its last part is the id of a model or of a system profile. */
  | 'foundation'
  | 'profile'
  /** Called as it is; its model is asked for. */
  | 'hidden'
  | 'imported'
  /** Not callable itself: its deployment is. */
  | 'custom-model'
  /** Called as it is; the control plane knows no model behind it. */
  | 'opaque';

/** Callable resources (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, modelId). */
const kinds: Readonly<Record<string, ArnKind>> = {
  'foundation-model': 'foundation',
  'inference-profile': 'profile',
  'application-inference-profile': 'hidden',
  'provisioned-model': 'hidden',
  'custom-model-deployment': 'hidden',
  'prompt-router': 'hidden',
  'default-prompt-router': 'hidden',
  'imported-model': 'imported',
  'custom-model': 'custom-model',
  prompt: 'opaque',
  // A Marketplace model is called by the ARN of its SageMaker endpoint.
  endpoint: 'opaque',
};

export const callableResources: readonly string[] = Object.keys(kinds);

/** Undefined for ARNs that are no models. */
export const arnKind = (resource: string): ArnKind | undefined =>
  Object.hasOwn(kinds, resource) ? kinds[resource] : undefined;
