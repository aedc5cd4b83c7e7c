import type { JsonObject } from '../../canonical/types.ts';
import type { AnswerHead } from '../api.ts';
import { Ids } from './ids.ts';
import type { Rendering } from './rendering.ts';

/**
 * A response as the model wrote it, under the id by which it is found in the gateway's logs and the name of the model that
 * its client knows. What the client said and Bedrock was not told is repeated as OpenAI repeats it; tools are not, as in
 * every response (resource.ts).
 */
export function nativeResponse(
  body: JsonObject,
  { requestId, model }: Pick<AnswerHead, 'requestId' | 'model'>,
  { echo }: Pick<Rendering, 'echo'>,
): JsonObject {
  return {
    ...body,
    id: new Ids(requestId).response,
    model,
    tools: [],
    store: false,
    prompt_cache_key: echo.prompt_cache_key ?? null,
    safety_identifier: echo.safety_identifier ?? null,
    ...(echo.user !== undefined && { user: echo.user }),
  };
}
