import { estimateInputTokens } from '../../canonical/input-tokens/estimate.ts';
import { anthropicErrors } from '../anthropic/error.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import { readParameters } from './asked.ts';
import { MessagesEncoder } from './encoder.ts';
import { nativeMessage } from './native-answer.ts';
import type { Rendering } from './rendering.ts';
import { type ReadMessages, readRequest } from './request.ts';
import { writeMessage } from './response.ts';
import type { MessagesRequest } from './schema.ts';
import { fetchableUrls } from './sources.ts';

export interface MessagesOptions {
  /** Refuse unknown parameters. */
  strict: boolean;
}

/** A request, and how its answer is to be rendered. */
export interface ServedMessages extends ServedRequest {
  model: ReadMessages;
  rendering: Rendering;
}

/** POST /messages (https://docs.anthropic.com/en/api/messages). */
export function messages({ strict }: MessagesOptions): ChatApi<ServedMessages> {
  return {
    name: 'messages',
    errors: anthropicErrors,
    oneAnswer: true,
    begin(body, headers) {
      const asked = readParameters(body, headers, strict);
      const { request, model, fallbacks, spell, ignored } = asked;
      return {
        asked: { model, fallbacks },
        stream: request.stream ?? false,
        urls: fetchableUrls(request.messages ?? []),
        spell,
        read(context) {
          const model = readRequest(asked, context);
          return { model, n: 1, ignored, warnings: [], rendering: new OfRequest(request, model) };
        },
      };
    },
    answer([answer], head, { rendering }) {
      if (!answer) throw new Error('unreachable: one answer is asked for');
      return writeMessage(answer, head, rendering);
    },
    nativeAnswer: nativeMessage,
    encoder: (head, { rendering }) => new MessagesEncoder(head, rendering),
  };
}

class OfRequest implements Rendering {
  readonly hideReasoning: boolean;
  readonly stopSequences: readonly string[];
  readonly #canonical: ReadMessages['canonical'];

  constructor({ thinking, stop_sequences }: MessagesRequest, { canonical }: ReadMessages) {
    this.hideReasoning = thinking?.display === 'omitted';
    this.stopSequences = stop_sequences ?? [];
    this.#canonical = canonical;
  }

  /** Counted only where an answer says it before Bedrock has. */
  get estimatedInputTokens(): number {
    return estimateInputTokens(this.#canonical().converse);
  }
}
