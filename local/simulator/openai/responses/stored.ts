import { invalid } from '../../errors.ts';
import type { Reply } from '../../operation.ts';
import { jsonReply } from '../../reply.ts';
import type { World } from '../../world.ts';
import { noResponse } from './history.ts';

/** What can be done with a response that was stored. Throws BedrockError, the same for all that cannot be found. */
export interface StoredCall {
  id: string;
  region: string;
  world: World;
}

function found({ id, region, world }: StoredCall) {
  const stored = world.responses.get(id, region, world.now());
  if (!stored) throw noResponse(id);
  return stored;
}

export const getResponse = (call: StoredCall): Reply => jsonReply(found(call).resource);

export function deleteResponse(call: StoredCall): Reply {
  const { resource } = found(call);
  call.world.responses.delete(resource.id);
  return jsonReply({ id: resource.id, object: 'response', deleted: true });
}

/** Everything is answered at once here, so that there is nothing to cancel. */
export function cancelResponse(call: StoredCall): Reply {
  found(call);
  throw invalid('Cannot cancel a synchronous response.');
}
