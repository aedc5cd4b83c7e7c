import type { Note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { Learned } from '../models/learned.ts';
import type { Target } from '../models/target.ts';
import type { Repair } from './repairs/repair.ts';

/** One request on its way to one model, through all its repairs and retries. What it finds out is its own. */
export interface ModelCall {
  target: Target;
  readonly warnings: Note[];
  /** Calls that repeated one with a repaired request. */
  repairs: number;
  /** What was tried for this request, in order. */
  readonly lessons: Lesson[];
}

/** A repair that changed the request, and the model it was made for. */
export interface Lesson extends Repair {
  modelId: string;
}

/** A request refused for two reasons is repaired twice; what is refused a third time is refused. */
export const maxRepairs = 2;

export const startCall = (target: Target): ModelCall => ({ target, warnings: [], repairs: 0, lessons: [] });

/** What a model refuses it refuses under each of its names. */
export const keyOf = ({ underlying, id }: Target) => underlying ?? id;

/** The family table, what others have found out, and what this request has. */
export function capabilitiesFor({ target, lessons }: ModelCall, learned: Learned): Capabilities {
  const own = lessons.filter(({ modelId }) => modelId === keyOf(target));
  return Object.assign(
    {},
    target.capabilities,
    learned.of(keyOf(target)),
    ...own.map(({ correction }) => correction),
  );
}
