import type { ConverseEvent, EventBatches, StopReason } from '../canonical/types.ts';
import { GatewayError } from '../errors.ts';
import type { Target } from '../models/target.ts';
import type { Receiver, Source } from '../streams/source.ts';

interface Answered {
  target: Pick<Target, 'asked'>;
  requestId: string | undefined;
}

/**
 * Fails an answer that Bedrock itself calls broken: the stop reasons `malformed_model_output` and `malformed_tool_use`
 * (UKGovernmentBEIS/inspect_ai#2941, vercel/ai#16926), mostly with nothing in it, for which OpenAI has no finish
 * reason. Elsewhere Bedrock says the same with a ModelErrorException, which is a 502 as well. Throws GatewayError; the model
 * has run, so only another model is tried.
 */
export function refuseMalformed(stopReason: StopReason, answered: Answered): void {
  const error = malformedError(stopReason, answered);
  if (error) throw error;
}

function malformedError(stopReason: StopReason, { target, requestId }: Answered): GatewayError | undefined {
  if (!isMalformed(stopReason)) return undefined;
  const what = stopReason === 'malformed_tool_use' ? 'made a tool call' : 'gave an answer';
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: stopReason,
    mayHaveRun: true,
    message: `The model \`${target.asked}\` ${what} that could not be read. Please try again.`,
    upstream: { name: stopReason, message: '', status: 200, ...(requestId && { requestId }) },
  });
}

/**
 * A stream that fails where Bedrock calls its answer broken. The events before that go out first, also those of the
 * same batch: how much of an answer one read of the socket brings is chance.
 */
export function failingWhereMalformed(events: EventBatches, answered: Answered): EventBatches {
  return new FailingWhereMalformed(events, answered);
}

class FailingWhereMalformed implements Source<ConverseEvent[]>, Receiver<ConverseEvent[]> {
  readonly #events: EventBatches;
  readonly #answered: Answered;
  #receiver: Receiver<ConverseEvent[]> | undefined;
  /** What the next thing asked for is. */
  #failure: GatewayError | undefined;

  constructor(events: EventBatches, answered: Answered) {
    this.#events = events;
    this.#answered = answered;
  }

  pull(receiver: Receiver<ConverseEvent[]>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) {
      receiver.onError(failure);
      return;
    }
    this.#receiver = receiver;
    this.#events.pull(this);
  }

  cancel(): void {
    this.#receiver = undefined;
    this.#failure = undefined;
    this.#events.cancel();
  }

  onItem(batch: ConverseEvent[], last: boolean): void {
    for (const [at, event] of batch.entries()) {
      if (!('messageStop' in event)) continue;
      const failure = malformedError(event.messageStop.stopReason, this.#answered);
      if (!failure) continue;
      this.#fail(failure, batch.slice(0, at));
      return;
    }
    this.#receiver?.onItem(batch, last);
  }

  onEnd(): void {
    this.#receiver?.onEnd();
  }

  onError(error: unknown): void {
    this.#receiver?.onError(error);
  }

  #fail(failure: GatewayError, before: ConverseEvent[]): void {
    this.#events.cancel();
    if (before.length > 0) {
      this.#failure = failure;
      this.#receiver?.onItem(before, false);
    } else {
      this.#receiver?.onError(failure);
    }
  }
}

const isMalformed = (stopReason: StopReason): stopReason is `malformed_${string}` =>
  stopReason.startsWith('malformed_');
