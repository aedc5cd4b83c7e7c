import type { ChatApi, ServedRequest } from '../api.ts';
import { openAiErrors } from '../openai/error.ts';
import { ResponsesEncoder } from './encoder.ts';
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
export function responses({ strict }: ResponsesApiOptions): ChatApi<ServedResponse> {
  return {
    name: 'responses',
    errors: openAiErrors,
    begin(body) {
      const asked = readParameters(body, strict);
      const { request, input, fallbacks, spell } = asked;
      return {
        asked: { model: request.model, fallbacks },
        stream: request.stream ?? false,
        urls: fetchableUrls(input),
        spell,
        read(context) {
          const { canonical, rendering, ignored, warnings } = translateResponses(asked, context);
          return { model: { canonical: () => canonical }, n: 1, rendering, ignored, warnings };
        },
      };
    },
    answer: ([answer], head, { rendering }) => {
      if (!answer) throw new Error('unreachable: one answer is wanted');
      return writeResponse(answer, head, rendering);
    },
    warnings: (answers) => answers.flatMap(warningsOf),
    encoder: (head, { rendering }) => new ResponsesEncoder(head, rendering),
  };
}
