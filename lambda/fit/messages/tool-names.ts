import type { Block } from './draft.ts';

/** What InvokeModel takes (Anthropic's API reference; Converse stops at 64). */
export const legalName = /^[a-zA-Z0-9_-]{1,128}$/;
export const legalId = /^[a-zA-Z0-9_-]+$/;

/** A tool of the client's own: the others are Anthropic's. */
export const isCustom = ({ type }: Block): boolean =>
  type === undefined || type === null || type === 'custom';

/** The name of a tool, or of the one that a call is for. */
export const nameOf = ({ name }: Block): string | undefined => (typeof name === 'string' ? name : undefined);
