import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import type { Engine, RequestContext } from '../../lambda/engine/types.ts';

/** An engine that is asked as an API asks it: the model is permitted before anything else is done. */
export function asking(engine: Engine) {
  const permitted = ({ model }: CanonicalRequest, context: RequestContext) =>
    engine.permit({ model }, context);
  return {
    answer: async (request: CanonicalRequest, context: RequestContext) =>
      engine.answer({ canonical: () => request }, await permitted(request, context), context),
    stream: async (request: CanonicalRequest, context: RequestContext) => {
      const plan = await permitted(request, context);
      const { events, ...outcome } = await engine.stream({ canonical: () => request }, plan, context);
      if (!events) throw new Error('a canonical request has canonical events');
      return { ...outcome, events };
    },
  };
}

/** For engines that are asked in the canonical shape alone. */
export const noNativeBackend = (): never => {
  throw new Error('nothing was asked in the API of a client');
};
