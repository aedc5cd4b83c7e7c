import { efforts } from '../../canonical/request.ts';
import type { Json } from '../../canonical/types.ts';
import { ignore } from '../notes.ts';
import { effortOfBudget, nearestEffort, noteEffort, type WorkingEffort } from '../reasoning/effort.ts';
import { type NativeDraft, objectAt } from './draft.ts';

export type ClaudeEffort = WorkingEffort;

const isEffort = (value: unknown): value is WorkingEffort =>
  value !== 'none' && efforts.some((effort) => effort === value);

/** What the client says, if it is an effort. */
export function effortOf({ body }: NativeDraft): WorkingEffort | undefined {
  const effort = objectAt(body.output_config)?.effort;
  return isEffort(effort) ? effort : undefined;
}

/**
 * The effort that a budget stands for. One that leaves the answer no more than a client's usual rest was cut to fit below
 * max_tokens, and stands for as much thinking as there may be.
 */
export function effortForBudget(
  budget: Json | undefined,
  maxTokens: Json | undefined,
): WorkingEffort | undefined {
  if (typeof budget !== 'number') return undefined;
  const isCut = budget >= 4096 && typeof maxTokens === 'number' && budget >= maxTokens - 1024;
  return isCut ? 'high' : effortOfBudget(budget);
}

/** Efforts that the model takes, of the request and of system messages. Without any, the field goes. */
export function fitEffort(draft: NativeDraft, taken: readonly string[] | undefined): void {
  const { body } = draft;
  const config = objectAt(body.output_config);
  if (config?.effort !== undefined) {
    const { effort, ...rest } = config;
    if (!taken) {
      body.output_config = rest;
      ignore(draft, 'reasoning.effort');
    } else if (isEffort(effort)) body.output_config = { ...rest, effort: nearest(draft, effort, taken) };
  }
  draft.messages = draft.messages.map((turn) => {
    const effort = turn.output_config?.effort;
    if (!taken || !isEffort(effort)) return turn;
    const fitted = nearestEffort(effort, taken);
    return fitted === effort ? turn : { ...turn, output_config: { ...turn.output_config, effort: fitted } };
  });
}

function nearest(draft: NativeDraft, effort: WorkingEffort, taken: readonly string[]): WorkingEffort {
  const fitted = nearestEffort(effort, taken);
  noteEffort(draft, effort, fitted);
  return fitted;
}
