import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { AnswerHead } from '../api.ts';
import { Ids } from './ids.ts';
import { CarryingCalls } from './native-calls.ts';
import type { Rendering } from './rendering.ts';

/** What of a request the answer of a model depends on that spoke Responses. */
export type NativeRendering = Pick<Rendering, 'echo' | 'references' | 'stateKey' | 'kept'>;

/** A whole response as the model wrote it. */
export function nativeResponse(
  body: JsonObject,
  head: Pick<AnswerHead, 'requestId' | 'model'>,
  rendering: NativeRendering,
): JsonObject {
  const calls = new CarryingCalls(head.model, rendering);
  const { output } = body;
  return {
    ...withHead(body, head, rendering),
    ...(Array.isArray(output) && {
      output: output.map((item) => (isObject(item) ? calls.finished(item as JsonObject) : item)),
    }),
  };
}

/**
 * A response as the model wrote it, under the id by which it is found in the gateway's logs and the name of the model that
 * its client knows. What the client said and Bedrock was not told is repeated as OpenAI repeats it; tools are not, as in
 * every response (resource.ts).
 */
export function withHead(
  body: JsonObject,
  { requestId, model }: Pick<AnswerHead, 'requestId' | 'model'>,
  { echo, kept }: Pick<Rendering, 'echo' | 'kept'>,
): JsonObject {
  return {
    ...body,
    id: new Ids(requestId).response,
    model,
    tools: [],
    store: false,
    ...kept?.members(),
    prompt_cache_key: echo.prompt_cache_key ?? null,
    safety_identifier: echo.safety_identifier ?? null,
    ...(echo.user !== undefined && { user: echo.user }),
  };
}
