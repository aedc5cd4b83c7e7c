import type { ErrorCode, ErrorFacts, Reason } from '../../errors.ts';
import type { Field, Note } from '../../fields.ts';
import type { Billing } from '../backend.ts';
import type { Said } from './said.ts';

/** What the message of an error may speak of. */
export interface ErrorContext {
  /** The model's name as the client knows it. */
  model: string;
  /** The call was made with the caller's own AWS credentials. */
  callerCredentials?: boolean;
  /** What the caller's key has of its own on AWS's bill: roles, projects and profiles have permissions of their own. */
  billing?: Billing | undefined;
  /** The request asked for capacity of its own: a service tier, or answers optimised for latency. */
  ownCapacity?: boolean;
  /** Whether the client itself wrote a piece of text: such may be repeated to it. */
  wrote?: (piece: string) => boolean;
}

export interface Row {
  /** Names of AWS exceptions; absent: whatever the name. */
  names?: readonly string[];
  /** Of Bedrock's text as it is; what is said of it to a client goes through `Said`. */
  text?: RegExp;
  /** Only for calls with the caller's own credentials. */
  caller?: true;
  status: number;
  reason: Reason;
  code?: ErrorCode;
  param?: Field;
  /** Advice for the client where Bedrock gave none. */
  retryAfterMs?: number;
  mayHaveRun?: true;
  /** Says something about the model that any other request would meet as well; see `of-model.ts` for the exceptions. */
  ofModel?: true;
  message: (said: Said, context: ErrorContext) => string | Note;
  facts?: (said: Said, context: ErrorContext) => ErrorFacts;
}
