import type { GatewayError } from '../errors.ts';
import type { Note } from '../fields.ts';
import type { AnyFitted } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { Learned } from '../models/learned.ts';
import type { Target } from '../models/target.ts';
import type { Fitting } from './lane.ts';
import type { Repair, repairFor } from './repairs/repair.ts';

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
const keyOf = ({ underlying, id }: Target) => underlying ?? id;

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

/**
 * The repair that a refusal suggests and that makes another request of this one; undefined: there is none.
 * The same request would be refused again, so a correction without effect is passed over for the next one.
 */
export async function lessonOf(
  error: GatewayError,
  call: ModelCall,
  refused: AnyFitted,
  { fitting, capabilities, repair }: LessonDeps,
): Promise<Lesson | undefined> {
  let known = capabilities;
  for (let found = repair(error, known); found; found = repair(error, known)) {
    known = { ...known, ...found.correction };
    if (!isSame(await fitting.fit(known), refused)) return { ...found, modelId: keyOf(call.target) };
  }
  return undefined;
}

interface LessonDeps {
  fitting: Fitting;
  /** What the refused request was fitted to. */
  capabilities: Capabilities;
  repair: typeof repairFor;
}

const isSame = (one: AnyFitted, other: AnyFitted) =>
  JSON.stringify(sentOf(one)) === JSON.stringify(sentOf(other));

const sentOf = (fitted: AnyFitted) => fitted.native ?? [fitted.backend, fitted.streamable, fitted.request];
