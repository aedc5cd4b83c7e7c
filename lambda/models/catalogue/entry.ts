import type { Capabilities } from '../capabilities.ts';

/** Kinds of things an account can call. Open: what Bedrock adds later gets its own word. */
export type CatalogueType =
  | 'foundation'
  | 'profile'
  | 'application-profile'
  | 'imported'
  | 'custom'
  | 'provisioned'
  | 'router'
  | 'marketplace'
  | 'alias';

/** What a model can be asked for here. */
export type Endpoint = 'chat' | 'embeddings' | 'rerank' | 'images' | 'imageEdits';

/** When a model came, becomes legacy and goes. Epoch seconds. */
export interface Lifecycle {
  /** Bedrock's word (ACTIVE, LEGACY, ...), or END_OF_LIFE once that day has passed. */
  status: string;
  startOfLife?: number;
  legacy?: number;
  extendedAccess?: number;
  endOfLife?: number;
}

/** What decides how an imported model is called. `createdAt` in epoch milliseconds. */
export interface ImportedModel {
  arn: string;
  name?: string;
  architecture?: string;
  createdAt?: number;
  /** Converse serves it; otherwise InvokeModel does. */
  instructSupported: boolean;
}

/** One thing that can be called, in one region. */
export interface CatalogueEntry {
  /** The name clients use: unique in a list. */
  id: string;
  type: CatalogueType;
  /** A person's name for it. */
  name: string;
  /** What Bedrock is called with. */
  modelId: string;
  arn?: string;
  region: string;
  /** Every configured region that has it; `region` is the first. */
  regions: string[];
  /** Other names that find it: ARNs, deployment names, `custom.{id}`. */
  names: string[];
  /** The foundation model behind it, where that is known. */
  underlying?: string;
  provider: string;
  /** Epoch seconds. */
  created?: number;
  /** As Bedrock spells them (TEXT, IMAGE, ...): an open set. */
  input: string[];
  output: string[];
  streaming?: boolean;
  lifecycle?: Lifecycle;
  /** ON_DEMAND, PROVISIONED, INFERENCE_PROFILE, ...: foundation models only. */
  inferenceTypes?: string[];
  /** Foundation models that a system profile routes to. */
  routesTo?: string[];
  imported?: ImportedModel;
  capabilities: Capabilities;
  /** Callable as it is; what is not is never in a list of models. */
  listed: boolean;
  /** What serves it here; empty: nothing does. */
  endpoints: readonly Endpoint[];
  /** Why lists leave it out unless they are asked for all, as a sentence: it has ended, or nothing serves it. */
  notListed?: string;
}

/** What the account calls something of its own, ARNs left out. */
export const namesOf = ({ id, names }: CatalogueEntry): string[] => [
  ...new Set([id, ...names].filter((name) => !name.startsWith('arn:'))),
];
