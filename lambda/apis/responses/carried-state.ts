import type { StateKey } from '../../auth/state-key.ts';
import type { ByteBudget } from '../../bounds.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { familyOf } from '../../models/families/capabilities-of.ts';
import { unknownFamily } from '../../models/families/families.ts';
import { baseModelId } from '../../models/names/model-id.ts';
import { type OpenedCallId, openCallId, openReasoning } from './sealed.ts';

/** What is needed to open the state that a client brings back. */
export interface StateContext {
  stateKey: StateKey;
  /** The model that is asked now, as the client named it. */
  model: string;
  bytes: ByteBudget;
}

/**
 * The reasoning of `encrypted_content`; undefined for what another service made, another key sealed or somebody changed,
 * and for what a model of another maker wrote, whose signature this one cannot verify.
 */
export function openContent(content: unknown, context: StateContext): ReasoningBlock[] | undefined {
  if (typeof content !== 'string') return undefined;
  const opened = openReasoning(content, context.stateKey, context.bytes);
  return opened && isOfOneMaker(opened.model, context.model) ? opened.blocks : undefined;
}

/** The same of a call's id. Text that it carries is anybody's. */
export function openCall(callId: string, context: StateContext): OpenedCallId {
  const opened = openCallId(callId, context.stateKey, context.bytes);
  if (opened.model === undefined || isOfOneMaker(opened.model, context.model)) return opened;
  return { ...opened, items: opened.items.filter(({ block }) => 'text' in block) };
}

/** Names that hide their model, as aliases and ARNs do, are of one maker only when they are the same. */
function isOfOneMaker(one: string, other: string): boolean {
  if (one === other) return true;
  const maker = makerOf(one);
  return maker !== undefined && maker === makerOf(other);
}

function makerOf(name: string): string | undefined {
  return familyOf(name) === unknownFamily ? undefined : baseModelId(name).split('.')[0];
}
