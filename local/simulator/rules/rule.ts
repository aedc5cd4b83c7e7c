import type { ConverseRequest } from '../converse/request.ts';
import type { ExceptionName } from '../errors.ts';
import type { Family } from '../models/family.ts';
import type { SimulatedModel } from '../models/model.ts';

/** One thing that Bedrock refuses. The tables in this folder are lists of these, checked in order. */
export interface Rule {
  name: string;
  /** Which models it binds. */
  binds: (family: Family) => boolean;
  /** The text of the refusal; undefined when the request keeps the rule. */
  breach(request: ConverseRequest, context: RuleContext): string | undefined;
  /** ValidationException unless said. */
  exception?: ExceptionName;
  /** The text is the provider's, and goes out behind “The model returned the following errors: ”. */
  from?: 'provider';
}

export interface RuleContext {
  model: SimulatedModel;
  family: Family;
  streams: boolean;
  /** Turns must alternate; otherwise they have been merged before the rules are asked. */
  strict: boolean;
}

export const everyone = (): boolean => true;
export const anthropic = (family: Family): boolean => family.provider === 'anthropic';
export const nova = (family: Family): boolean => family.provider === 'nova';

/** The wording for a field that a model does not have. */
export const noField = (field: string): string =>
  `This model doesn't support the ${field} field. Remove ${field} and try again.`;
/** The wording for a kind of block that a model does not take. */
export const noBlock = (kind: string): string =>
  `This model doesn't support the ${kind} content block that you provided. Update the content block and try again.`;
/** Nova's wording for what its schema does not know, at a JSON pointer. */
export const extraneousKey = (pointer: string, key: string): string =>
  `Malformed input request: ${pointer}: extraneous key [${key}] is not permitted, please reformat your input and try again.`;
