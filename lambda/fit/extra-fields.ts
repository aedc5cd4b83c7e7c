import { isObject } from '../canonical/json.ts';
import type { ConverseRequest, Json, JsonObject } from '../canonical/types.ts';
import type { Draft } from './types.ts';

/**
 * additionalModelRequestFields: what a model takes beyond Converse. What the client wrote there itself stands;
 * the steps only add beside it.
 */
export function addExtra(draft: Draft, key: string, value: Json): void {
  const fields = draft.request.additionalModelRequestFields ?? {};
  if (!(key in fields)) draft.request.additionalModelRequestFields = { ...fields, [key]: value };
}

export function setExtra(draft: Draft, key: string, value: Json): void {
  draft.request.additionalModelRequestFields = {
    ...draft.request.additionalModelRequestFields,
    [key]: value,
  };
}

export function removeExtra(draft: Draft, key: string): void {
  const { [key]: _, ...rest } = draft.request.additionalModelRequestFields ?? {};
  if (Object.keys(rest).length > 0) draft.request.additionalModelRequestFields = rest;
  else delete draft.request.additionalModelRequestFields;
}

/** A member of additionalModelRequestFields that is an object. */
export function extraObject(request: ConverseRequest, key: string): JsonObject | undefined {
  const value = request.additionalModelRequestFields?.[key];
  return isObject(value) ? value : undefined;
}
