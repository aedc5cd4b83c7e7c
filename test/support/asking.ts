import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import type { Engine, RequestContext } from '../../lambda/engine/types.ts';

/** An engine that is asked as an API asks it: the model is permitted before anything else is done. */
export function asking(engine: Engine) {
  const permitted = ({ model }: CanonicalRequest, context: RequestContext) =>
    engine.permit({ model }, context);
  return {
    answer: async (request: CanonicalRequest, context: RequestContext) =>
      engine.answer(request, await permitted(request, context), context),
    stream: async (request: CanonicalRequest, context: RequestContext) =>
      engine.stream(request, await permitted(request, context), context),
  };
}
