import type { ConverseEvent } from '../../canonical/types.ts';
import type { GatewayError } from '../../errors.ts';
import type { AnswerHead, StreamEncoder } from '../api.ts';
import { NumberedEvents } from './events.ts';
import { failureOf } from './failure.ts';
import { Ids } from './ids.ts';
import { Output } from './output.ts';
import type { Rendering } from './rendering.ts';
import { type Course, endedCourse, isCutOff, resource } from './resource.ts';

type EventOf<K extends string> = Extract<ConverseEvent, Record<K, unknown>>;

/**
 * Encodes an answer as the events of Responses (https://platform.openai.com/docs/api-reference/responses-streaming).
 * The last event goes out when Bedrock has counted the tokens, and nothing that claims success precedes a failure.
 */
export class ResponsesEncoder implements StreamEncoder {
  readonly #head: Omit<AnswerHead, 'model'>;
  readonly #rendering: Rendering;
  readonly #events = new NumberedEvents();
  /** As asked, until it is known who answers. */
  #model: string;
  #hasBegun = false;
  #output: Output | undefined;
  #stop: EventOf<'messageStop'>['messageStop'] | undefined;
  #metadata: EventOf<'metadata'>['metadata'] | undefined;

  constructor(head: Omit<AnswerHead, 'model'>, rendering: Rendering) {
    this.#head = head;
    this.#rendering = rendering;
    this.#model = rendering.echo.model;
  }

  open(model: string): string {
    this.#model = model;
    const ids = new Ids(this.#head.requestId);
    this.#output = new Output({ ids, model, rendering: this.#rendering, events: this.#events });
    return this.#begin();
  }

  push(batch: readonly ConverseEvent[]): string {
    let out = '';
    for (const event of batch) out += this.#emit(event);
    return out;
  }

  end(): string {
    if (!this.#output || !this.#stop) throw new Error('a stream without messageStop cannot end well');
    const { usage = uncounted, ...metadata } = this.#metadata ?? {};
    const course = endedCourse({ ...this.#stop, ...metadata, usage }, this.#output, this.#rendering);
    return this.#lifecycle(course);
  }

  fail(...[error]: Parameters<StreamEncoder['fail']>): string {
    return this.#begin() + this.#lifecycle(this.#failed(error));
  }

  /**
   * An event, because comments do not keep Codex: it counts the time from one event to the next. A client's first must
   * be that the response was created.
   */
  heartbeat(): string {
    return this.#begin() || this.#events.event('keepalive', {});
  }

  #begin(): string {
    if (this.#hasBegun) return '';
    this.#hasBegun = true;
    const response = this.#resource({ status: 'in_progress' });
    return (
      this.#events.event('response.created', { response }) +
      this.#events.event('response.in_progress', { response })
    );
  }

  #emit(event: ConverseEvent): string {
    if ('metadata' in event) this.#metadata = event.metadata;
    if (!('messageStop' in event)) return this.#output?.push(event) ?? '';
    this.#stop = event.messageStop;
    return this.#output?.finish(isCutOff(event.messageStop.stopReason)) ?? '';
  }

  #failed(error: GatewayError): Course {
    const output = this.#output?.items ?? [];
    return { status: 'failed', output, error: failureOf(error, this.#output !== undefined) };
  }

  #lifecycle(course: Course): string {
    return this.#events.event(`response.${course.status}`, { response: this.#resource(course) });
  }

  #resource(course: Course) {
    return resource({ ...this.#head, model: this.#model }, this.#rendering, course);
  }
}

/** Where no counts came. */
const uncounted = { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true };
