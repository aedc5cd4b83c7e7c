/** What may stand somewhere in a body: the language in which `members.ts` is written. `keep.ts` reads it. */
export type Known =
  /** A text, a number, true or false. */
  | { is: 'scalar' }
  /** Nothing but true: false says what is so anyway. */
  | { is: 'true' }
  /** The client's own JSON. */
  | { is: 'free' }
  | { is: 'list'; of: Known }
  /** A text, or what else is said. */
  | { is: 'textOr'; of: Known }
  | RecordOf
  /** Objects told apart by their `type`. */
  | { is: 'kinds'; kinds: Readonly<Record<string, Known>> }
  /** What needs one of these flags in `anthropic_beta`, and is not sent without. */
  | { is: 'gated'; flags: readonly string[]; of: Known };

export interface RecordOf {
  is: 'record';
  members: Readonly<Record<string, Known>>;
}

export const scalar: Known = { is: 'scalar' };
export const onlyTrue: Known = { is: 'true' };
export const free: Known = { is: 'free' };
export const list = (of: Known): Known => ({ is: 'list', of });
export const textOr = (of: Known): Known => ({ is: 'textOr', of });
export const record = (members: RecordOf['members']): RecordOf => ({ is: 'record', members });
export const kinds = (known: Readonly<Record<string, Known>>): Known => ({ is: 'kinds', kinds: known });
export const gated = (of: Known, ...flags: string[]): Known => ({ is: 'gated', flags, of });

/** A record with a `type`, and with members that all are scalars. */
export const typed = (...names: string[]): RecordOf =>
  record(Object.fromEntries(['type', ...names].map((name) => [name, scalar])));

/** The same with further members. */
export const withMembers = ({ members }: RecordOf, more: RecordOf['members']): RecordOf =>
  record({ ...members, ...more });
