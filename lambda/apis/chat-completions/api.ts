import type { NativeEvent } from '../../canonical/native.ts';
import type { Config } from '../../config.ts';
import { once } from '../../once.ts';
import type { ChatApi, AnswerHead as ServedHead, ServedRequest, StreamEncoder } from '../api.ts';
import { openAiErrors } from '../openai/error.ts';
import { askedLane, askedReasoningFields } from '../shared/bedrock-headers.ts';
import { ChunkEncoder } from './encoder.ts';
import { closingChunks } from './encoder-end.ts';
import type { NativeChunks } from './native-encoder.ts';
import { fetchableUrls } from './parts.ts';
import type { AnswerHead, Rendering } from './rendering.ts';
import { type ChatCall, readParameters, translateChat } from './request.ts';
import { translateAnswers } from './response.ts';

export interface ChatApiOptions {
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Where reasoning stands in answers to clients that do not say; both places unless set. */
  reasoningFields?: Config['reasoningFields'] | undefined;
}

/** A request, and how its answer is to be rendered. */
interface ServedChat extends ChatCall, ServedRequest {
  rendering: Rendering;
}

/** POST /chat/completions (https://platform.openai.com/docs/api-reference/chat/create). */
export function chatCompletions(options: ChatApiOptions): ChatApi<ServedChat> {
  return {
    name: 'chat',
    errors: openAiErrors,
    progressAsReasoning: true,
    begin(body, headers) {
      const begun = readParameters(body, options.strict);
      const { model, messages, stream } = begun.request;
      const reasoningFields = askedReasoningFields(headers) ?? options.reasoningFields;
      const lane = askedLane(headers);
      return {
        asked: { model, fallbacks: begun.fallbacks },
        stream: stream ?? false,
        urls: fetchableUrls(messages ?? []),
        spell: begun.spell,
        read({ stateKey, ...context }) {
          const chat = translateChat(begun, { stateKey, ...context });
          const { tools, hideReasoning, trace, ignored, warnings: lost } = chat;
          const canonical = { ...chat.canonical, ignored, lost };
          const rendering: Rendering = { tools, hideReasoning, reasoningFields, trace, stateKey };
          const made = once(async () => {
            rendering.native = await import('./native.ts');
            const options = { stateKey, ...context };
            return rendering.native.nativeRequest({ asked: begun, chat, options, lane });
          });
          const model = { canonical: () => canonical, native: { api: 'chat' as const, made }, lane };
          // What is lost, and what has no effect, depends on the shape in which the request is sent.
          return { ...chat, model, rendering, ignored: [], warnings: [] };
        },
      };
    },
    answer: (answers, head, { rendering }) => translateAnswers(answers, openAiHead(head), rendering),
    nativeAnswer: (answer, head, { rendering }) =>
      rendering.native!.nativeCompletion(answer, openAiHead(head), rendering),
    encoder: (head, request) => new ChatEncoder(head, request),
  };
}

function openAiHead({ requestId, createdAt, model }: ServedHead): AnswerHead {
  return { id: `chatcmpl-${requestId}`, created: Math.floor(createdAt / 1000), model };
}

/** What the chunks of an answer depend on. */
type Streamed = Pick<ServedChat, 'n' | 'rendering' | 'includeUsage'>;

/** The chunks of all choices of an answer, each with its index, and what comes after them. */
export class ChatEncoder implements StreamEncoder {
  readonly #head: Omit<ServedHead, 'model'>;
  readonly #request: Streamed;
  #opened: { head: AnswerHead; choices: ChunkEncoder[] } | undefined;
  #native: NativeChunks | undefined;

  constructor(head: Omit<ServedHead, 'model'>, request: Streamed) {
    this.#head = head;
    this.#request = request;
  }

  open(model: string): string {
    const { n, rendering, includeUsage } = this.#request;
    const head = openAiHead({ ...this.#head, model });
    const choices = Array.from(
      { length: n },
      (_, index) => new ChunkEncoder(head, rendering, { index, includeUsage }),
    );
    this.#opened = { head, choices };
    return '';
  }

  push(...[batch, choice]: Parameters<StreamEncoder['push']>): string {
    return this.#opened?.choices[choice]?.push(batch) ?? '';
  }

  pushNative(batch: readonly NativeEvent[]): string {
    const { rendering, includeUsage } = this.#request;
    this.#native ??= new rendering.native!.NativeChunks(this.#opened!.head, rendering, includeUsage);
    return this.#native.push(batch);
  }

  end(): string {
    const { rendering, includeUsage } = this.#request;
    if (!this.#opened) throw new Error('a stream that was not opened cannot end well');
    return closingChunks(this.#opened.choices, this.#opened.head, rendering, includeUsage);
  }

  fail(...[error]: Parameters<StreamEncoder['fail']>): string {
    return openAiErrors.event(error, this.#head.requestId);
  }

  /** Comments are skipped by every client tried (Codex, Copilot, AI SDK, LangChain, openai-python). */
  heartbeat(): string {
    return ': keep-alive\n\n';
  }
}
