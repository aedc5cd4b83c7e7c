/** What the simulator saw of one HTTP call. */
export interface CallLog {
  /** `Converse`, `ListFoundationModels`, …; undefined for a path that is no operation. */
  operation?: string;
  method: string;
  path: string;
  /** URL-decoded. */
  modelId?: string;
  region?: string;
  accessKeyId?: string;
  /** Lower-case names, without the signature. */
  headers: Record<string, string>;
  /** Parsed JSON. */
  body?: unknown;
  requestId: string;
  /** 0 while nothing has been sent. */
  status: number;
  /** The exception that was answered, e.g. `ThrottlingException`. */
  error?: string;
  /** Frames of an event stream that were sent. */
  events: number;
  /** The client hung up before the answer was complete. */
  aborted: boolean;
  /** The simulator tore the connection down. */
  reset: boolean;
  /** The answer is complete, or the connection is gone. */
  done: boolean;
}

const kept = 1000;

/** Adds a call and forgets the oldest ones. */
export function remember(calls: CallLog[], call: CallLog): void {
  calls.push(call);
  if (calls.length > kept) calls.splice(0, calls.length - kept);
}
