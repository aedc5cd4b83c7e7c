import type { Billing } from '../backends/backend.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Limits } from './limits-record.ts';

/** Who calls, and what that key may do. */
export interface Principal {
  /** The key's name, for logs and metrics; never the key. */
  name: string;
  /** Patterns (`*` matches anything) of model names allowed; undefined: all. */
  models?: string[];
  /** Enforced: the client cannot change it. */
  guardrail?: GuardrailConfig;
  /** Added to Bedrock's request metadata; the client cannot override it. */
  metadata?: Record<string, string>;
  /** What it may do with optimisation techniques; undefined: what the settings allow. */
  optimisation?: TechniqueRights;
  /** What it has of its own on AWS's bill; absent: its calls are the gateway's. */
  billing?: Billing;
  /** The team that it belongs to. */
  team?: string;
  /** It may see what every key has used: on the usage page and by the usage API. */
  admin?: true;
  /** What it may use at most, alone and with its team; absent: nothing is counted. */
  limits?: readonly Holder[];
}

/** Somebody who has limits. All of a request's count. */
export interface Holder {
  kind: 'key' | 'team';
  name: string;
  limits: Limits;
}

/** false: none. */
export type TechniqueRights = false | { techniques?: readonly string[]; maxCalls?: number };
