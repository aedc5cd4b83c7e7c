import type { ErrorType, Reason } from '../../errors.ts';
import type { Fault } from './fault.ts';

/** What the message of an error may speak of. */
export interface ErrorContext {
  /** The model's name as the client knows it. */
  model: string;
  /** The call was made with the caller's own AWS credentials. */
  callerCredentials?: boolean;
  /** The request asked for capacity of its own: a service tier, or answers optimised for latency. */
  ownCapacity?: boolean;
}

export interface Row {
  /** Names of AWS exceptions; absent: whatever the name. */
  names?: readonly string[];
  text?: RegExp;
  /** Only for calls with the caller's own credentials. */
  caller?: true;
  status: number;
  type: ErrorType;
  reason: Reason;
  code?: string;
  param?: string;
  /** Advice for the client where Bedrock gave none. */
  retryAfterMs?: number;
  mayHaveRun?: true;
  /** Says something about the model that any other request would meet as well; see `of-model.ts` for the exceptions. */
  ofModel?: true;
  message: (fault: Fault, context: ErrorContext) => string;
}
