import type { JsonObject } from '../../../canonical/types.ts';
import type { BegunRequest, ChatApi } from '../../api.ts';
import type { Fields } from '../../shared/json.ts';
import { beginResponse, type ResponsesApiOptions, responses, type ServedResponse } from '../create-api.ts';
import type { StoredCall } from './stored-call.ts';
import { StoredEncoder } from './stored-encoder.ts';

export interface StoredApi extends ChatApi<ServedResponse> {
  /** The answer that is not a stream, once it has been rendered. */
  answered(): JsonObject | undefined;
}

/** The API of Responses for one request, whose answer is stored. */
export function storedApi(call: StoredCall, options: ResponsesApiOptions): StoredApi {
  const { answer, nativeAnswer, encoder, ...api } = responses(options);
  let answered: JsonObject | undefined;
  const noted = <T extends object>(body: T): T => {
    answered = body as unknown as JsonObject;
    return body;
  };
  /** With what is stored in its place. */
  const reading = (begun: BegunRequest<ServedResponse>): BegunRequest<ServedResponse> => ({
    ...begun,
    read(context) {
      const served = begun.read({ ...context, bodyBytes: context.bodyBytes + call.bytes });
      return { ...served, rendering: { ...served.rendering, kept: call } };
    },
  });
  return {
    ...api,
    begin(body, headers) {
      call.begin(body);
      const begin = (input: Fields, before: number) =>
        reading(beginResponse({ ...body, ...input }, headers, { ...options, stored: { before } }));
      // What was said before may be all that the model is to go on from.
      const begun = begin(call.refers && body.input == null ? { input: [] } : {}, 0);
      if (!call.refers) return begun;
      return {
        ...begun,
        async load() {
          const input = await call.whole();
          return begin({ input }, call.before);
        },
      };
    },
    answer: (...answered) => noted(answer(...answered)),
    nativeAnswer: (...answered) => noted(nativeAnswer?.(...answered) ?? {}),
    encoder: (...head) => new StoredEncoder(encoder(...head), call),
    answered: () => answered,
  };
}
