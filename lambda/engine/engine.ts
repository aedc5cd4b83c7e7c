import { finishReason } from '../canonical/finish.ts';
import type { ConverseAnswer, EventBatches } from '../canonical/types.ts';
import { unfold } from '../canonical/unfold.ts';
import { type Deadline, withDeadline, within } from '../policy/deadline.ts';
import { withFirstEvent } from '../streams/first-item.ts';
import { leavableSource } from '../streams/leavable.ts';
import { mapped } from '../streams/map.ts';
import { single } from '../streams/source.ts';
import { failingWhereMalformed, refuseMalformed } from './malformed.ts';
import { permit } from './permit.ts';
import { type Call, type EngineDeps, run } from './run.ts';
import type { CallContext, Engine } from './types.ts';

/** Runs canonical requests, for an answer in one piece or for its events. */
export function createEngine(deps: EngineDeps): Engine {
  return {
    async permit(model, context) {
      const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
      try {
        context.plan = await permit(inTime(deps, deadline), model, context);
      } finally {
        deadline.clear();
      }
    },
    async answer(request, context) {
      const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
      const call = sendTo(deps, context);
      try {
        const running = { deps: inTime(deps, deadline), request, context, deadline, call, filtered };
        const { outcome, value } = await run(running);
        return { ...outcome, answer: value };
      } finally {
        deadline.clear();
      }
    },
    async stream(request, context) {
      const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
      const call = streamFrom(deps, context);
      try {
        const { outcome, value } = await run({
          deps: inTime(deps, deadline),
          request,
          context,
          deadline,
          call,
        });
        return { ...outcome, events: endingWith(value, deadline) };
      } catch (error) {
        deadline.abort(error);
        throw error;
      }
    },
  };
}

/** Names are looked up for all calls together, and that may take longer than one of them has. */
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

/** A stream that is left or that fails takes what is upstream with it, even where that is silent. */
function endingWith(events: EventBatches, deadline: Deadline): EventBatches {
  return mapped(
    events,
    (batch) => batch,
    ({ complete }) => (complete ? deadline.clear() : deadline.abort(new Error('The stream was left.'))),
  );
}

function sendTo(deps: EngineDeps, { credentials }: CallContext): Call<ConverseAnswer> {
  return async (target, { request, restore }, signal) => {
    const backend = await deps.backend(target.backend);
    const { answer, requestId } = await backend.send({ target, request, signal, credentials });
    refuseMalformed(answer.stopReason, { target, requestId });
    return { value: restore.answer(answer), requestId };
  };
}

function streamFrom(deps: EngineDeps, { credentials }: CallContext): Call<EventBatches> {
  return async (target, { request, restore, streamable }, signal) => {
    const backend = await deps.backend(target.backend);
    const call = { target, request, signal, credentials };
    if (!streamable) {
      const { answer, requestId } = await backend.send(call);
      refuseMalformed(answer.stopReason, { target, requestId });
      return { value: single(unfold(restore.answer(answer))), requestId };
    }
    const { events, requestId } = await backend.stream(call);
    const begun = failingWhereMalformed(await withFirstEvent(events), { target, requestId });
    const leavable = leavableSource(begun);
    const restored = restore.events(() => leavable.enough());
    return { value: mapped(leavable, restored), requestId };
  };
}

const filtered = (answer: ConverseAnswer) => finishReason(answer.stopReason, false) === 'content_filter';
