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

/** The one form that ARNs of a resource type have. */
export interface ArnForm {
  kind: ArnKind;
  /** What AWS gives as ids. */
  id: RegExp;
  /** `bedrock` where it is absent. */
  service?: 'sagemaker';
  /** Foundation models belong to nobody; everything else has the number of its account. */
  account: boolean;
}

const word = /^[a-z0-9-]+$/;
const name = /^[a-zA-Z0-9][a-zA-Z0-9.:-]*$/;
const model = /^[a-z][a-z0-9]*\.[a-z0-9][\w.:-]*$/;
const owned = (kind: ArnKind, id: RegExp): ArnForm => ({ kind, id, account: true });

/**
 * Callable resources and their ids
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, the pattern of modelId).
 */
const forms: Readonly<Record<string, ArnForm>> = {
  'foundation-model': { kind: 'foundation', id: model, account: false },
  'inference-profile': owned('profile', /^[a-z-]+\.[a-z][a-z0-9]*\.[a-z0-9][\w.:-]*$/),
  'application-inference-profile': owned('hidden', name),
  'provisioned-model': owned('hidden', word),
  'custom-model-deployment': owned('hidden', word),
  'prompt-router': owned('hidden', name),
  'default-prompt-router': owned('hidden', name),
  'imported-model': owned('imported', word),
  'custom-model': owned('custom-model', /^[\w.:-]+(?:\/[\w-]+)?$/),
  prompt: owned('opaque', /^[0-9a-zA-Z]+(?::\d{1,5})?$/),
  // A Marketplace model is called by the ARN of its SageMaker endpoint.
  endpoint: { ...owned('opaque', /^[a-zA-Z0-9-]+$/), service: 'sagemaker' },
};

export const callableResources: readonly string[] = Object.keys(forms);

/** Undefined for ARNs that are no models. */
export const arnForm = (resource: string): ArnForm | undefined =>
  Object.hasOwn(forms, resource) ? forms[resource] : undefined;

export const arnKind = (resource: string): ArnKind | undefined => arnForm(resource)?.kind;
