import { toGatewayError } from '../../lambda/errors.ts';
import type { Source } from '../../lambda/streams/source.ts';

/** The items of a source, for a loop. Who leaves the loop cancels the source; a failure is a GatewayError. */
export async function* each<T>(source: Source<T>): AsyncGenerator<T, void> {
  let ended = false;
  const next = () =>
    new Promise<{ item: T } | undefined>((resolve, reject) =>
      source.pull({
        onItem: (item) => resolve({ item }),
        onEnd: () => resolve(undefined),
        onError: reject,
      }),
    );
  try {
    for (let found = await next(); found; found = await next()) yield found.item;
    ended = true;
  } catch (error) {
    ended = true;
    throw toGatewayError(error);
  } finally {
    if (!ended) source.cancel();
  }
}
