import type { ConverseEvent, Trace, Usage } from '../../canonical/types.ts';
import { reasoningTokens } from '../../canonical/usage.ts';
import type { AnswerHead, StreamEncoder } from '../api.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { openAiErrors } from '../openai/error.ts';
import { finishReason } from '../openai/finish-reason.ts';
import { addUp, openAiUsage, sum } from '../openai/usage.ts';
import { type CompletionsRendering, textBefore } from './response.ts';

/** What is known of one answer on its way. */
interface Choice {
  reasoned: boolean;
  visibleBytes: number;
  usage?: Usage;
  trace?: Trace | undefined;
}

/** The chunks of all answers, each with its index: the object of the whole answer with pieces of the text, then `[DONE]`. */
export class CompletionsEncoder implements StreamEncoder {
  readonly #head: Omit<AnswerHead, 'model'>;
  readonly #rendering: CompletionsRendering;
  readonly #choices: Choice[];
  #open = '';

  /** `answers`: how many there are; a technique may give more than the request asked for. */
  constructor(head: Omit<AnswerHead, 'model'>, rendering: CompletionsRendering, answers: number) {
    this.#head = head;
    this.#rendering = rendering;
    this.#choices = Array.from({ length: answers }, () => ({ reasoned: false, visibleBytes: 0 }));
  }

  open(model: string): string {
    const { requestId, createdAt } = this.#head;
    const created = Math.floor(createdAt / 1000);
    const head = { id: `cmpl-${requestId}`, object: 'text_completion', created, model };
    this.#open = `data: ${JSON.stringify(head).slice(0, -1)},`;
    return this.#choices
      .map((_, index) => {
        const text = textBefore(index, this.#rendering);
        return text === '' ? '' : this.#chunk(text, index, null);
      })
      .join('');
  }

  push(...[batch, index]: Parameters<StreamEncoder['push']>): string {
    const choice = this.#choices[index];
    if (!choice) return '';
    let text = '';
    let last = '';
    for (const event of batch) {
      text += textIn(event);
      if ('contentBlockDelta' in event && 'reasoningContent' in event.contentBlockDelta.delta)
        choice.reasoned = true;
      if ('metadata' in event) {
        choice.usage = event.metadata.usage;
        choice.trace = event.metadata.trace;
      }
      if ('messageStop' in event) {
        const { stopReason, additionalModelResponseFields } = event.messageStop;
        const bedrock = bedrockFields({ additionalModelResponseFields }, this.#rendering);
        last = this.#chunk('', index, finishReason(stopReason, false), bedrock);
      }
    }
    choice.visibleBytes += Buffer.byteLength(text);
    return (text === '' ? '' : this.#chunk(text, index, null)) + last;
  }

  end(): string {
    const counted = this.#choices.flatMap(({ usage, ...seen }) => (usage ? [{ usage, seen }] : []));
    const { trace } = this.#choices[0] ?? {};
    const bedrock = bedrockFields({ trace }, this.#rendering);
    const reasoned = sum(counted.map(({ usage, seen }) => reasoningTokens(usage, seen)));
    const fields = {
      ...(this.#rendering.includeUsage &&
        counted.length > 0 && { usage: openAiUsage(addUp(counted.map((each) => each.usage)), reasoned) }),
      ...(bedrock && { bedrock }),
    };
    const last = JSON.stringify(fields).slice(1);
    return `${last === '}' ? '' : `${this.#open}"choices":[],${last}\n\n`}data: [DONE]\n\n`;
  }

  fail(...[error]: Parameters<StreamEncoder['fail']>): string {
    return openAiErrors.event(error, this.#head.requestId);
  }

  heartbeat(): string {
    return ': keep-alive\n\n';
  }

  #chunk(text: string, index: number, finish_reason: string | null, bedrock?: object): string {
    const choices = JSON.stringify([{ text, index, logprobs: null, finish_reason }]);
    const usage = this.#rendering.includeUsage ? ',"usage":null' : '';
    const own = bedrock ? `,"bedrock":${JSON.stringify(bedrock)}` : '';
    return `${this.#open}"choices":${choices}${usage}${own}}\n\n`;
  }
}

function textIn(event: ConverseEvent): string {
  if (!('contentBlockDelta' in event)) return '';
  const { delta } = event.contentBlockDelta;
  return 'text' in delta ? delta.text : '';
}
