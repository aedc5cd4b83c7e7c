import type { Capabilities } from '../capabilities.ts';
import { baseModelId } from '../names/model-id.ts';
import { type Family, families, unknownFamily } from './families.ts';

/** The family of a model id, inference profile id or ARN that shows its model; otherwise `unknownFamily`. */
export function familyOf(modelId: string): Family {
  const base = baseModelId(modelId);
  return families.find((row) => row.match.test(base)) ?? unknownFamily;
}

/**
 * What a model can do. For an ARN that hides its model (application profile, provisioned throughput, ...)
 * pass the id of the foundation model behind it. `overrides` come from settings or from what a model refused.
 */
export function capabilitiesOf(modelId: string, overrides: Partial<Capabilities> = {}): Capabilities {
  return { ...familyOf(modelId).capabilities, ...overrides };
}
