import type { Draft } from './types.ts';

/** A parameter, by the client's name for it, has no effect on this model. */
export function ignore(draft: Draft, parameter: string): void {
  if (!draft.ignored.includes(parameter)) draft.ignored.push(parameter);
}

/** A repair that the client can notice. One short sentence: it travels in a header. */
export function warn(draft: Draft, text: string): void {
  if (!draft.warnings.includes(text)) draft.warnings.push(text);
}
