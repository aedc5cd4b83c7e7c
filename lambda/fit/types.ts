import type { NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest, Intent } from '../canonical/request.ts';
import type { ConverseAnswer, ConverseEvent, ConverseRequest } from '../canonical/types.ts';
import type { Note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';

/** A request made acceptable to one model. */
export interface Fitted {
  request: ConverseRequest;
  /** Repairs that the client can notice; become `x-gateway-warnings`. */
  warnings: Note[];
  /** Names of parameters without effect on this model; become `x-gateway-ignored`. */
  ignored: Note[];
  /** False: call Converse even for a client that streams, and make the stream from its answer. */
  streamable: boolean;
  restore: Restore;
  /** In place of the target's: the request is to be translated to OpenAI's Responses. */
  backend?: 'responses';
  native?: undefined;
}

/** The same in the client's own API. What the model answers needs no way back. */
export interface NativeFitted extends Pick<Fitted, 'warnings' | 'ignored'> {
  /** Its body as the model takes it, with all that a model's own API wants in it. */
  native: NativeRequest;
}

export type AnyFitted = Fitted | NativeFitted;

/** The way back: undoes renames and emulations in what the model answers. */
export interface Restore {
  answer(answer: ConverseAnswer): ConverseAnswer;
  /**
   * A fresh function for each stream, because it may keep state between batches. It calls `enough` when nothing of
   * what the model still says will be passed on.
   */
  events(enough?: () => void): (batch: ConverseEvent[]) => ConverseEvent[];
}

/**
 * A request on its way through the steps. Only the request object itself is the draft's own. What it holds,
 * from the list of messages to the blocks, is shared with the client's request (a fallback model fits the same
 * one again) and must be replaced, never changed; most of a long history needs neither.
 */
export interface Draft {
  request: ConverseRequest;
  /** The model's name as it was asked for, for messages. */
  readonly model: string;
  readonly intent: Intent;
  readonly warnings: Note[];
  readonly ignored: Note[];
  streamable: boolean;
  /** Undone in reverse order. */
  readonly restores: Restore[];
}

/** One concern, one file. */
export type FitStep = (draft: Draft, capabilities: Capabilities) => void;

/** Pure. Throws GatewayError (400) for what would change the answer and cannot be honoured. */
export type Fit = (request: CanonicalRequest, capabilities: Capabilities) => Fitted;
