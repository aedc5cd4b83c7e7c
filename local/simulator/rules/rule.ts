import type { ConverseRequest } from '../converse/request.ts';
import type { ExceptionName } from '../errors.ts';
import type { Family } from '../models/family.ts';
import type { SimulatedModel } from '../models/model.ts';
import type { CacheMark } from './caching.ts';

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
  /** A rule of the service that holds on InvokeModel of Claude as well; the provider's all do. */
  onInvoke?: true;
}

export interface RuleContext {
  model: SimulatedModel;
  family: Family;
  streams: boolean;
  /** Turns must alternate; otherwise they have been merged before the rules are asked. */
  strict: boolean;
  /**
   * Set on InvokeModel of Claude, where the request is a reading of the body that keeps every index: some rules have
   * other words there, and `marks` are the body's own, with their places in it.
   */
  invoke?: { marks: readonly CacheMark[] };
}

/** What Java and Python count as white space beside what JavaScript does. */
const moreSpace: ReadonlySet<string> = new Set(['\x1c', '\x1d', '\x1e', '\x1f', '\x85']);

export const isSpace = (character: string): boolean => character.trim() === '' || moreSpace.has(character);

/** Of white space alone, as the service or Claude sees it. */
export function isBlank(text: string | undefined): boolean {
  if (text === undefined) return false;
  for (const character of text) if (!isSpace(character)) return false;
  return true;
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
