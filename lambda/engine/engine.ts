import { isFiltered } from '../canonical/stop-reason.ts';
import { unfold } from '../canonical/unfold.ts';
import type { Deadline } from '../policy/deadline.ts';
import { withFirstEvent } from '../streams/first-item.ts';
import { map } from '../streams/map.ts';
import { type Source, single } from '../streams/source.ts';
import { stoppableSource } from '../streams/stoppable.ts';
import { calledAs } from './called-as.ts';
import { deadlineOf, inTime, permitInTime } from './in-time.ts';
import { failingWhereMalformed, refuseMalformed } from './malformed.ts';
import { type EngineDeps, run, type Send, type Sent } from './run.ts';
import type { Engine, RequestContext, StreamedAnswer, WholeAnswer } from './types.ts';

/** Runs requests, for an answer in one piece or for its events. */
export function createEngine(deps: EngineDeps): Engine {
  return {
    permit: (asked, context) => permitInTime(deps, asked, context),
    async answer(request, plan, context) {
      const deadline = deadlineOf(context, deps);
      const running = { deps: inTime(deps, deadline), request, plan, context, deadline };
      try {
        const { outcome, value } = await run({
          ...running,
          send: answerOf(deps, context),
          isFiltered: filtered,
        });
        return { ...outcome, ...value };
      } finally {
        deadline.clear();
      }
    },
    async stream(request, plan, context) {
      const deadline = deadlineOf(context, deps);
      const running = { deps: inTime(deps, deadline), request, plan, context, deadline };
      try {
        const { outcome, value } = await run({ ...running, send: eventsOf(deps, context) });
        return value.native
          ? { ...outcome, native: endingWith(value.native, deadline) }
          : { ...outcome, events: endingWith(value.events, deadline) };
      } catch (error) {
        deadline.abort(error);
        throw error;
      }
    },
  };
}

/** A stream that is cancelled or that fails takes what is upstream with it, even where that is silent. */
function endingWith<T>(events: Source<T>, deadline: Deadline): Source<T> {
  return map(
    events,
    (batch) => batch,
    ({ complete }) => (complete ? deadline.clear() : deadline.abort(new Error('The stream was left.'))),
  );
}

const callOf = ({ target, signal, repeated }: Sent, context: RequestContext) => ({
  target,
  signal,
  repeated,
  ...calledAs(context),
});

function answerOf(deps: EngineDeps, context: RequestContext): Send<WholeAnswer> {
  return async (sent) => {
    const { target, fitted } = sent;
    const call = callOf(sent, context);
    if (fitted.native) {
      const backend = await deps.nativeBackend(fitted.native.api);
      const { answer: native } = await backend.send({ ...call, native: fitted.native });
      return { native };
    }
    const backend = await deps.backend(fitted.backend ?? target.backend);
    const { answer, requestId } = await backend.send({ ...call, request: fitted.request });
    refuseMalformed(answer.stopReason, { target, requestId });
    return { answer: fitted.restore.answer(answer) };
  };
}

function eventsOf(deps: EngineDeps, context: RequestContext): Send<StreamedAnswer> {
  const whole = answerOf(deps, context);
  return async (sent) => {
    const { target, fitted } = sent;
    const call = callOf(sent, context);
    if (fitted.native) {
      const backend = await deps.nativeBackend(fitted.native.api);
      const { events } = await backend.stream({ ...call, native: fitted.native });
      return { native: await withFirstEvent(events) };
    }
    if (!fitted.streamable) {
      const { answer } = await whole(sent);
      if (!answer) throw new Error('unreachable: what is fitted to Converse is answered by it');
      return { events: single(unfold(answer)) };
    }
    const backend = await deps.backend(fitted.backend ?? target.backend);
    const { events, requestId } = await backend.stream({ ...call, request: fitted.request });
    const begun = failingWhereMalformed(await withFirstEvent(events), { target, requestId });
    const stoppable = stoppableSource(begun);
    const restored = fitted.restore.events(() => stoppable.enough());
    return { events: map(stoppable, restored) };
  };
}

const filtered = ({ answer, native }: WholeAnswer) => isFiltered((native ?? answer).stopReason);
