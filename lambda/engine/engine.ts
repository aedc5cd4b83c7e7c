import type { MeteredCall } from '../accounting/meter.ts';
import { isFiltered } from '../canonical/stop-reason.ts';
import type { ConverseAnswer, EventBatches } from '../canonical/types.ts';
import { unfold } from '../canonical/unfold.ts';
import { type Deadline, withDeadline, within } from '../policy/deadline.ts';
import { withFirstEvent } from '../streams/first-item.ts';
import { map } from '../streams/map.ts';
import { single } from '../streams/source.ts';
import { stoppableSource } from '../streams/stoppable.ts';
import { failingWhereMalformed, refuseMalformed } from './malformed.ts';
import { permit } from './permit.ts';
import { type EngineDeps, run, type Send, type Sent } from './run.ts';
import type { Engine, RequestContext } from './types.ts';

/** Runs canonical requests, for an answer in one piece or for its events. */
export function createEngine(deps: EngineDeps): Engine {
  const deadlineOf = ({ lifetime }: RequestContext) =>
    withDeadline(lifetime.signal, lifetime.deadline, deps.clock.now);
  return {
    async permit(asked, context) {
      const deadline = deadlineOf(context);
      try {
        return await permit(inTime(deps, deadline), asked, context);
      } finally {
        deadline.clear();
      }
    },
    async answer(request, plan, context) {
      const deadline = deadlineOf(context);
      const running = { deps: inTime(deps, deadline), request, plan, context, deadline };
      try {
        const { outcome, value } = await run({
          ...running,
          send: answerOf(deps, context),
          isFiltered: filtered,
        });
        return { ...outcome, answer: value };
      } finally {
        deadline.clear();
      }
    },
    async stream(request, plan, context) {
      const deadline = deadlineOf(context);
      const running = { deps: inTime(deps, deadline), request, plan, context, deadline };
      try {
        const { outcome, value } = await run({ ...running, send: eventsOf(deps, context) });
        return { ...outcome, events: endingWith(value, deadline) };
      } catch (error) {
        deadline.abort(error);
        throw error;
      }
    },
  };
}

/** Names are looked up for all requests together, and that may take longer than one of them has. */
function inTime(deps: EngineDeps, { signal }: Deadline): EngineDeps {
  const { resolver } = deps;
  return {
    ...deps,
    resolver: {
      ...resolver,
      resolve: (name, options) => within(signal, resolver.resolve(name, options)),
      afterRefusal: (target, error, options) => within(signal, resolver.afterRefusal(target, error, options)),
    },
  };
}

/** A stream that is cancelled or that fails takes what is upstream with it, even where that is silent. */
function endingWith(events: EventBatches, deadline: Deadline): EventBatches {
  return map(
    events,
    (batch) => batch,
    ({ complete }) => (complete ? deadline.clear() : deadline.abort(new Error('The stream was left.'))),
  );
}

function meteredCall({ target, fitted, signal, repeated }: Sent, context: RequestContext): MeteredCall {
  const { credentials } = context.caller;
  const { request } = fitted;
  return { target, request, signal, repeated, trace: context.trace, ...(credentials && { credentials }) };
}

function answerOf(deps: EngineDeps, context: RequestContext): Send<ConverseAnswer> {
  return async (sent) => {
    const { target, fitted } = sent;
    const backend = await deps.backend(target.backend);
    const { answer, requestId } = await backend.send(meteredCall(sent, context));
    refuseMalformed(answer.stopReason, { target, requestId });
    return fitted.restore.answer(answer);
  };
}

function eventsOf(deps: EngineDeps, context: RequestContext): Send<EventBatches> {
  const whole = answerOf(deps, context);
  return async (sent) => {
    const { target, fitted } = sent;
    if (!fitted.streamable) return single(unfold(await whole(sent)));
    const backend = await deps.backend(target.backend);
    const { events, requestId } = await backend.stream(meteredCall(sent, context));
    const begun = failingWhereMalformed(await withFirstEvent(events), { target, requestId });
    const stoppable = stoppableSource(begun);
    const restored = fitted.restore.events(() => stoppable.enough());
    return map(stoppable, restored);
  };
}

const filtered = ({ stopReason }: ConverseAnswer) => isFiltered(stopReason);
