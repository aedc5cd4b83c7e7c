import type { Note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';

/** One refusal that can be repaired. */
export interface RepairRow {
  text: RegExp;
  /** undefined: the table says so already, so fitting again would change nothing. */
  correct: (capabilities: Capabilities, match: RegExpExecArray) => Partial<Capabilities> | undefined;
  /** Becomes `x-gateway-warnings`. */
  warning: Note;
  /** The refusal is about this request's schemas and says nothing about the model: not to be remembered. */
  onlyThisRequest?: true;
}

export const when = <T>(condition: boolean, value: T): T | undefined => (condition ? value : undefined);

/** What Bedrock puts before the words of a model's own validation. */
const provider = 'The model returned the following errors: ';

/**
 * A refusal that begins so. Refusals quote what they refuse, and a client can name a member of its request with
 * the words of another refusal: what stands in the middle of a text may be a quotation.
 */
export function says(...beginnings: RegExp[]): RegExp {
  return new RegExp(`^(?:${provider})?(?:${beginnings.map(({ source }) => source).join('|')})`);
}

/** Converse: the field is named as in the API. */
export const unsupported = (field: RegExp) =>
  new RegExp(`This model doesn['\u2019]t support the ${field.source} field`);

/** JSON schema of a model's native body: a pointer to the object, then its member. */
export const extraneous = (member: RegExp) =>
  new RegExp(
    `(?:Malformed input request: )?#[\\w/]*: extraneous key \\[${member.source}\\] is not permitted`,
  );

/** Claude's own validation: the path of the member. */
export const extra = (path: RegExp) => new RegExp(`${path.source}: Extra inputs are not permitted`);
