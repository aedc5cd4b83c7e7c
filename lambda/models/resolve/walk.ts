import type { Config } from '../../config.ts';
import type { Capabilities } from '../capabilities.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { capabilitiesOf } from '../families/capabilities-of.ts';
import type { Candidates } from '../profiles/candidates.ts';
import type { LookUp } from '../profiles/lookup.ts';
import type { InvokeFormat, Target } from '../target.ts';

/** What resolving needs to know. */
export interface Knowledge {
  config: Config;
  catalogue: Catalogue;
  lookUp: LookUp;
  /** Answers for names that nothing has. */
  default: { setting: string; model: string | undefined };
  /** The profiles that stand in for a foundation model, best first, from memory alone. */
  profilesFor(modelId: string, region: string): Candidates | undefined;
}

/** One name on its way to a target: it may pass through aliases and settings before it gets there. */
export interface Walk {
  asked: string;
  /** The region to call where the name says none. */
  region: string;
  /** The name said the region. */
  regionNamed: boolean;
  /** Who will have answered, where that is not the model asked for. */
  reportAs?: string;
  alias?: Target['alias'];
  /** A context window in brackets behind the name. */
  context?: string;
  defaults?: Target['defaults'];
  warnings: string[];
  /** Each step and why, for people. */
  reasons: string[];
  /** Settings already followed: none is followed twice. */
  followed: Set<string>;
}

/** Where a name led. */
export interface Place {
  id: string;
  region: string;
  backend: Target['backend'];
  format?: InvokeFormat;
  rawFormat?: InvokeFormat;
  underlying?: string;
  listedAs?: readonly string[];
  profiles?: Candidates;
  capabilities: Capabilities;
}

/** Called through Converse; what it can do follows the model behind it, or its own id. */
export function conversePlace(id: string, region: string, underlying?: string): Place {
  const capabilities = capabilitiesOf(underlying ?? id);
  return { id, region, backend: 'converse', ...(underlying && { underlying }), capabilities };
}
