/** What a member of a body of OpenAI's APIs may be. null stands for absent wherever a member may be absent. */
export type Shape =
  | { kind: 'anything' }
  | { kind: 'boolean' }
  | { kind: 'string'; values?: readonly string[]; max?: number; pattern?: RegExp }
  | { kind: 'number'; integer?: true; min?: number; max?: number }
  | { kind: 'array'; of: Shape; min?: number; max?: number }
  | { kind: 'object'; members: Members; required: readonly string[] }
  /** An object of any members: a JSON schema, metadata. */
  | { kind: 'map'; of: Shape; most?: number }
  /** Objects that say in `type` what they are. `untyped`: what they are that do not. */
  | { kind: 'tagged'; shapes: Members; untyped?: Shape }
  /** Objects that are another thing in some roles. */
  | { kind: 'roled'; shapes: Members; others: Shape }
  /** The first that is of the value's JSON type. */
  | { kind: 'either'; shapes: readonly Shape[] };

export type Members = Readonly<Record<string, Shape>>;

export const anything: Shape = { kind: 'anything' };
export const boolean: Shape = { kind: 'boolean' };
export const string: Shape = { kind: 'string' };
export const oneOf = (...values: string[]): Shape => ({ kind: 'string', values });
export const texts = (max: number, pattern?: RegExp): Shape => ({ kind: 'string', max, pattern });
export const number = (min?: number, max?: number): Shape => ({ kind: 'number', min, max });
export const integer = (min?: number, max?: number): Shape => ({ kind: 'number', integer: true, min, max });
export const array = (of: Shape, min?: number, max?: number): Shape => ({ kind: 'array', of, min, max });
export const object = (members: Members, ...required: string[]): Shape => ({
  kind: 'object',
  members,
  required,
});
export const map = (of: Shape = anything, most?: number): Shape => ({ kind: 'map', of, most });
export const tagged = (shapes: Members, untyped?: Shape): Shape => ({ kind: 'tagged', shapes, untyped });
export const roled = (shapes: Members, others: Shape): Shape => ({ kind: 'roled', shapes, others });
export const either = (...shapes: Shape[]): Shape => ({ kind: 'either', shapes });

/** Sixteen pairs of short texts, as everywhere at OpenAI. */
export const metadata: Shape = map(texts(512), 16);
