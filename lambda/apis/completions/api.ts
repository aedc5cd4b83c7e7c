import type { ModelRequest } from '../../engine/types.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import { openAiErrors } from '../openai/error.ts';
import { CompletionsEncoder } from './encoder.ts';
import { readParameters, translateCompletions } from './request.ts';
import { type CompletionsRendering, translateAnswers } from './response.ts';

export interface CompletionsOptions {
  /** Refuse unknown parameters. */
  strict: boolean;
}

/** A request, and how its answers are to be rendered. */
export interface ServedCompletions extends ServedRequest {
  rendering: CompletionsRendering;
}

/** POST /completions, OpenAI's older API (https://platform.openai.com/docs/api-reference/completions/create). */
export function completions({ strict }: CompletionsOptions): ChatApi<ServedCompletions> {
  return {
    name: 'completions',
    errors: openAiErrors,
    begin(body) {
      const asked = readParameters(body, strict);
      const { request, fallbacks, spell, ignored } = asked;
      return {
        asked: { model: request.model, fallbacks },
        stream: request.stream ?? false,
        urls: [],
        spell,
        read({ bodyBytes }) {
          const { prompts, requests, n, echo, includeUsage, trace, warnings } = translateCompletions(
            asked,
            bodyBytes,
          );
          const all = requests.flatMap((canonical) =>
            Array.from({ length: n }, (): ModelRequest => ({ canonical: () => canonical })),
          );
          const before = prompts.flatMap((prompt) => Array<string>(n).fill(echo ? prompt : ''));
          return {
            model: all[0] as ModelRequest,
            ...(prompts.length > 1 && { models: all }),
            n: all.length,
            rendering: { before, includeUsage, trace },
            ignored,
            warnings,
          };
        },
      };
    },
    answer: (answers, { requestId, createdAt, model }, { rendering }) => {
      const head = { id: `cmpl-${requestId}`, created: Math.floor(createdAt / 1000), model };
      return translateAnswers(answers, head, rendering);
    },
    encoder: (head, { rendering, n }) => new CompletionsEncoder(head, rendering, n),
  };
}
