import type { LaterNative } from '../../canonical/native.ts';
import { once } from '../../once.ts';
import type { BegunRequest, ChatApi, ServedRequest } from '../api.ts';
import { openAiErrors } from '../openai/error.ts';
import { askedLane } from '../shared/bedrock-headers.ts';
import type { Fields } from '../shared/json.ts';
import { ResponsesEncoder } from './encoder.ts';
import type { FromStore } from './item-path.ts';
import { nativeRequest } from './native-request.ts';
import { nativeResponse } from './native-response.ts';
import { fetchableUrls } from './parts.ts';
import type { Rendering } from './rendering.ts';
import { readParameters, translateResponses } from './request.ts';
import { warningsOf, writeResponse } from './resource.ts';

export interface ResponsesApiOptions {
  /** Refuse unknown parameters. */
  strict: boolean;
}

/** A request, and how its answer is to be rendered. */
export interface ServedResponse extends ServedRequest {
  rendering: Rendering;
}

/** POST /responses (https://platform.openai.com/docs/api-reference/responses/create). */
export function responses(options: ResponsesApiOptions): ChatApi<ServedResponse> {
  return {
    name: 'responses',
    errors: openAiErrors,
    oneAnswer: true,
    begin: (body, headers) => beginResponse(body, headers, options),
    answer: ([answer], head, { rendering }) => {
      if (!answer) throw new Error('unreachable: one answer is wanted');
      return writeResponse(answer, head, rendering);
    },
    nativeAnswer: ({ body }, head, { rendering }) => nativeResponse(body, head, rendering),
    warnings: (answers) => answers.flatMap(warningsOf),
    encoder: (head, { rendering }) => new ResponsesEncoder(head, rendering),
  };
}

/** `stored`: where the gateway stores answers, what stands in the body's input of it. */
export function beginResponse(
  body: Fields,
  headers: Headers,
  { strict, stored }: ResponsesApiOptions & { stored?: FromStore },
): BegunRequest<ServedResponse> {
  const asked = readParameters(body, strict, stored);
  const { request, input, fallbacks, spell } = asked;
  const lane = askedLane(headers);
  return {
    asked: { model: request.model, fallbacks },
    stream: request.stream ?? false,
    urls: fetchableUrls(input, stored),
    spell,
    read(context) {
      const { canonical: made, rendering, ignored, warnings: lost } = translateResponses(asked, context);
      const canonical = { ...made, ignored, lost };
      const native: LaterNative = {
        api: 'responses',
        made: once(async () => nativeRequest(body, asked, context)),
      };
      return { model: { canonical: () => canonical, native, lane }, n: 1, rendering, ...nothingLost };
    },
  };
}

/** What is lost, and what has no effect, depends on the shape in which the request is sent. */
const nothingLost = { ignored: [], warnings: [] };
