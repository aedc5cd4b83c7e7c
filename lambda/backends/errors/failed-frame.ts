/** What a frame says that ends a stream with a failure. */
export interface FrameFailure {
  /** The exception's type, or the code of an error frame. */
  type: string;
  /** Of an exception: JSON, as a rule. */
  payload?: string;
  /** Of an error frame, which has no payload. */
  message?: string;
  /** As of `Fault`. */
  param?: string;
  requestId: string | undefined;
}

/** An exception or an error frame, as it came; `callError` says what it means. */
export class FailedFrame extends Error {
  override name = 'FailedFrame';
  readonly failure: FrameFailure;

  constructor(failure: FrameFailure) {
    super(`the stream ended with ${failure.type}`);
    this.failure = failure;
  }
}
