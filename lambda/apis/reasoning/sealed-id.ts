import { createHash } from 'node:crypto';
import type { StateKey } from '../../auth/state-key.ts';
import { type ByteBudget, bounds } from '../../bounds.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { open, packState, seal, shortestSealed, unpackState } from './sealed-state.ts';

/**
 * The reasoning that led to a tool call travels in the call's id: of all fields of an answer, that id is the
 * only one that every client sends back, and Claude refuses a tool result whose call has lost its signed
 * reasoning ("Expected `thinking` or `redacted_thinking`, but found `tool_use`").
 *
 * The form is `call_gw1_<sealed>`, where the length of the id that the model gave, that id and the packed state
 * are sealed together. It holds letters, digits, `_` and `-` only: opencode and Kilo Code replace every other
 * character by `_`. A client that cuts ids at 40 or 64 characters still has one id for call and result; that
 * the reasoning is lost is known by the beginning.
 */

const mark = 'call_gw1_';
const purpose = 'tool call id 1';

/** The id that the client gets. The plain id when there is no state or it would make the id too long. */
export function sealToolCallId(toolUseId: string, state: readonly ReasoningBlock[], key: StateKey): string {
  return sealId(toolUseId, state.length > 0 ? packState(state) : undefined, key);
}

/** The same for whatever was packed. */
export function sealId(toolUseId: string, packed: Uint8Array | undefined, key: StateKey): string {
  const name = Buffer.from(toolUseId);
  if (!packed || name.length > 255) return toolUseId;
  const id = mark + seal(Buffer.concat([Buffer.of(name.length), name, packed]), key, purpose);
  return id.length <= bounds.sealedIdCharacters ? id : toolUseId;
}

export interface OpenedId {
  /** The id that the model gave, or a stand-in for one that is too long: at most `bounds.idCharacters`. */
  toolUseId: string;
  /** The reasoning before the call. */
  state?: ReasoningBlock[];
  /** The id was sealed once and does not open any more. */
  lost?: true;
}

/**
 * What a call's id stands for. An id that was not sealed with this key, or was changed since, is an id like any
 * other, without state.
 */
export function openToolCallId(id: string, key: StateKey, budget: ByteBudget): OpenedId {
  const { packed, ...opened } = openId(id, key);
  const state = packed && unpackState(packed, budget);
  return { ...opened, ...(state && { state }) };
}

/** The same with what it carries as it was packed. */
export function openId(id: string, key: StateKey): Omit<OpenedId, 'state'> & { packed?: Uint8Array } {
  const opened = unseal(id, key);
  if (!opened) return { toolUseId: bounded(id), ...(id.startsWith(mark) && { lost: true }) };
  return { ...opened, toolUseId: bounded(opened.toolUseId) };
}

/** The same for the id of a result, which has no use for the reasoning. */
export function openResultId(id: string, key: StateKey): string {
  return bounded(unseal(id, key)?.toolUseId ?? id);
}

interface Unsealed {
  toolUseId: string;
  packed: Buffer;
}

function unseal(id: string, key: StateKey): Unsealed | undefined {
  if (id.length > bounds.sealedIdCharacters) return undefined;
  if (!id.startsWith(mark)) return unsealEarlier(id, key);
  const content = open(id.slice(mark.length), key, purpose);
  if (!content) return undefined;
  const end = 1 + (content[0] ?? 0);
  const toolUseId = content.toString('utf8', 1, end);
  return toolUseId === '' ? undefined : { toolUseId, packed: content.subarray(end) };
}

/** `<id of the model>.<packed state, sealed for that id>`: conversations that began before have such ids. */
function unsealEarlier(id: string, key: StateKey): Unsealed | undefined {
  const dot = id.lastIndexOf('.');
  if (dot <= 0 || id.length - dot <= shortestSealed) return undefined;
  const toolUseId = id.slice(0, dot);
  const packed = open(id.slice(dot + 1), key, toolUseId);
  return packed && { toolUseId, packed };
}

function bounded(id: string): string {
  if (id.length <= bounds.idCharacters) return id;
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
