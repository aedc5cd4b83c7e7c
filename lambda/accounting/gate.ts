import type { Target } from '../models/target.ts';
import type { Units } from '../prices/types.ts';
import type { RequestRecord } from './record.ts';
import type { Trace, UpstreamCall } from './trace.ts';

/** A call to Bedrock that is about to be made: of whatever kind, with what is known of each. */
export interface Gated {
  target: Pick<Target, 'id' | 'asked' | 'region'> & Partial<Target>;
  /** What it is billed by, where that is not tokens. */
  units?: Units;
  signal: AbortSignal;
  reservation?: Reservation;
}

/** What has been reserved for a call. */
export interface Reservation {
  /** To be called once, when the call has ended. */
  settle(call: UpstreamCall): void;
  /** The call is not made after all. */
  cancel(): void;
}

/** What every call of one request passes before it is made, where the request's key has limits. */
export interface Gate {
  /**
   * The call as it may be made. Rejects with a 429 for what the limits have no room for, a 403 for a model whose price
   * is not known, and a 503 where what has been used cannot be looked up.
   */
  admit<Call extends Gated>(call: Call): Promise<Call>;
  /** So many calls like the first are certain to follow each other: they are admitted together, or none of them. */
  expect(calls: number): void;
  /** Says on an answer what is left. */
  announce(headers: Headers): void;
  /** To be called once, when the request is over and every call has ended, or is not waited for any longer. */
  end(record: RequestRecord, trace: Trace): void;
}
