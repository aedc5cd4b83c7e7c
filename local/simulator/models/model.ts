import type { Family } from './family.ts';

/** What a model id, profile id or ARN stands for, once looked up in the account. */
export interface SimulatedModel {
  /** The foundation model's id; for imported models the architecture, e.g. `imported:qwen2`. */
  id: string;
  kind:
    | 'foundation'
    | 'profile'
    | 'imported'
    | 'custom'
    | 'provisioned'
    | 'router'
    | 'marketplace'
    | 'scenario';
  /** How the model behaves: the rules that requests to it must keep. */
  family: Family;
  /** Tokens. */
  contextTokens: number;
  maxOutputTokens: number;
  embeds: boolean;
  /** Ranks documents. */
  ranks: boolean;
  /** Imported models only. */
  imported?: { architecture: string; instructSupported: boolean };
  /** ModelNotReadyException is answered this many times before the model wakes up. */
  coldStarts: number;
  /** A scenario that is always on for this model, as a directive: `[[throttle]]`. */
  directive?: string;
}
