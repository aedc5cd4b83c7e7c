import { GatewayError } from '../../errors.ts';
import type { AnyFitted } from '../../fit/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { Fitting } from '../lane.ts';
import { keyOf, type Lesson, type ModelCall } from '../model-call.ts';
import { type Repair, repairFor } from './repair.ts';

interface Refused {
  fitting: Fitting;
  /** As it was sent. */
  fitted: AnyFitted;
  /** What it was fitted to. */
  capabilities: Capabilities;
}

/**
 * The repair that a refusal suggests and that makes another request of this one; undefined: there is none.
 * The same request would be refused again, so a correction without effect is passed over for the next one.
 */
export async function lessonOf(
  error: GatewayError,
  call: ModelCall,
  { fitting, fitted, capabilities }: Refused,
): Promise<Lesson | undefined> {
  let known = capabilities;
  for (let found = repairFor(error, known); found; found = repairFor(error, known)) {
    known = { ...known, ...found.correction };
    const other = await fittedAfter(found, known, fitting);
    if (other && !isSame(other, fitted)) return { ...found, modelId: keyOf(call.target) };
  }
  return undefined;
}

/** Undefined where a refusal of this request alone leads to none that can be sent: then it says better what is wrong. */
async function fittedAfter({ onlyThisRequest }: Repair, known: Capabilities, fitting: Fitting) {
  try {
    return await fitting.fit(known);
  } catch (error) {
    if (onlyThisRequest && error instanceof GatewayError) return undefined;
    throw error;
  }
}

const isSame = (one: AnyFitted, other: AnyFitted) =>
  JSON.stringify(sentOf(one)) === JSON.stringify(sentOf(other));

const sentOf = (fitted: AnyFitted) => fitted.native ?? [fitted.backend, fitted.streamable, fitted.request];
