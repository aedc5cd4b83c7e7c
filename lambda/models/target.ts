import type { ConverseRequest } from '../canonical/types.ts';
import type { Capabilities } from './capabilities.ts';

/** Body formats of InvokeModel, one file each in `backends/invoke/`. */
export type InvokeFormat = string;

/** A model's name, resolved: where it lives and what it can do. */
export interface Target {
  /** The name as the client (or a setting) wrote it. */
  asked: string;
  /** What Bedrock is called with: a model id, an inference profile id or an ARN. */
  id: string;
  region: string;
  backend: 'converse' | 'invoke';
  /** For `invoke` only: how its body is written. */
  format?: InvokeFormat;
  /** The foundation model behind a profile, deployment or router, where it is known. */
  underlying?: string;
  capabilities: Capabilities;
  /** The answer tells this name to the client: `asked`, or who answered when that was another model. */
  reportAs: string;
  /** From an alias: used where the request says nothing. */
  defaults?: Pick<ConverseRequest, 'inferenceConfig' | 'guardrailConfig' | 'serviceTier'>;
  warnings: string[];
}
