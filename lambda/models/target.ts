import type { ConverseRequest } from '../canonical/types.ts';
import type { Capabilities } from './capabilities.ts';
import type { Candidates } from './profiles/candidates.ts';

/** The name of a body format of InvokeModel, `backends/invoke/formats.ts`; it may come from a setting. */
export type InvokeFormat = string;

/** A name that a setting gives to a model. */
export interface Alias {
  /** As the setting writes it, `*` included. */
  key: string;
  /** As it was asked for: the same, or a name that the pattern fits. */
  name: string;
}

/** A model's name, resolved: where it lives and what it can do. */
export interface Target {
  /** The name as the client (or a setting) wrote it. */
  asked: string;
  /** What Bedrock is called with: a model id, an inference profile id or an ARN. */
  id: string;
  region: string;
  backend: 'converse' | 'invoke' | 'mantle';
  /** For `invoke` only: how its body is written. */
  format?: InvokeFormat;
  /** Of an imported model: how the body is written that has a prompt as its client wrote it. */
  rawFormat?: InvokeFormat;
  /** The foundation model behind a profile, deployment or router, where it is known. */
  underlying?: string;
  /** The alias it was asked by. */
  alias?: Alias;
  /** The account's own names for it, where it was found by one of them. */
  listedAs?: readonly string[];
  /** The gateway chose this profile, the first of these, for a model that cannot be called by its own id. */
  profiles?: Candidates;
  /** Claude's beta flags that the name asks for. */
  betas?: readonly string[];
  capabilities: Capabilities;
  /** The answer names this to the client: `asked`, or who answered when that was another model. */
  reportAs: string;
  /** From an alias: used where the request says nothing. */
  defaults?: Pick<ConverseRequest, 'inferenceConfig' | 'guardrailConfig' | 'serviceTier'>;
  warnings: string[];
}

/** What decides whether a key may use a target. */
export type Called = Pick<Target, 'id' | 'region' | 'underlying' | 'alias' | 'listedAs'>;
