import { fold } from '../../canonical/fold.ts';
import type { CanonicalRequest } from '../../canonical/request.ts';
import type { ConverseAnswer, ConverseEvent, Delta } from '../../canonical/types.ts';
import { unfold } from '../../canonical/unfold.ts';
import type { Technique } from '../load.ts';
import { movedBy } from '../moved-by.ts';
import { type Read, ThinkingTags } from '../reading/thinking-tags.ts';
import { isCutOff } from '../stage-calls.ts';
import type { InnerCall, Wrapper } from '../types.ts';

const instructions = `Think before you answer, and show it in this form:

<thinking>
Think step by step about what is asked.
<reflection>
Look at your thinking again: what may be wrong, what is missing? Correct it here.
</reflection>
</thinking>
<output>
Your answer alone, as it is to be read. Nothing stands outside of these tags.
</output>`;

const usualTemperature = 0.6;

/** Thinking in tags, with a look back at it; what is returned, rated or compared is the output alone. */
export const technique: Technique = { kind: 'wrapper', run: async () => cotReflection };

const cotReflection: Wrapper = {
  outgoing: (request, call) => (thinks(call) ? asking(request, call) : request),
  incoming: (answer, call) => (thinks(call) ? takenApart(answer) : answer),
  events: (call) => (thinks(call) ? eventsApart() : (batch) => batch),
};

/** Judges and steps on the way are not asked to think in tags. */
const thinks = (call: InnerCall): boolean => call.class === 'answer' || call.class === 'sample';

function asking(request: CanonicalRequest, call: InnerCall): CanonicalRequest {
  const { converse, intent } = request;
  const isOpen = call.class === 'answer' && converse.inferenceConfig?.temperature === undefined;
  return {
    ...request,
    converse: {
      ...converse,
      system: [...(converse.system ?? []), { text: instructions }],
      ...(isOpen && { inferenceConfig: { ...converse.inferenceConfig, temperature: usualTemperature } }),
    },
    intent: { ...intent, ...(isOpen && { temperatureIsHint: true }) },
  };
}

/** The model's own reasoning comes without its signature, because what the client sees is not the model's whole turn. */
function takenApart(answer: ConverseAnswer): ConverseAnswer {
  return { ...answer, output: fold(eventsApart()(unfold(answer))).output };
}

/** Of the blocks that are made: what is neither thinking nor text stands behind them. */
const thinkingAt = 0;
const outputAt = 1;
const othersFrom = 2;

/** One block of reasoning, behind it one of text with what it cites, and behind that what else there was. */
function eventsApart(): (batch: ConverseEvent[]) => ConverseEvent[] {
  const parts = new Parts();
  return (batch) => batch.flatMap((event) => parts.take(event));
}

class Parts {
  readonly #tags = new ThinkingTags();
  #at: 'nothing' | 'thinking' | 'output' = 'nothing';
  /** Citations of text of which it is not known yet what it is. */
  #cited: Delta[] = [];
  readonly #others: ConverseEvent[] = [];
  /** Places of blocks that are neither thinking nor text. */
  readonly #kept = new Set<number>();

  take(event: ConverseEvent): ConverseEvent[] {
    if ('contentBlockDelta' in event) return this.#delta(event);
    if ('contentBlockStart' in event) {
      const { contentBlockIndex, start } = event.contentBlockStart;
      if (Object.keys(start).length > 0) this.#kept.add(contentBlockIndex);
      return this.#keep(contentBlockIndex, event);
    }
    if ('contentBlockStop' in event) return this.#keep(event.contentBlockStop.contentBlockIndex, event);
    if (!('messageStop' in event)) return [event];
    const rest = this.#read(this.#tags.end(isCutOff(event.messageStop)));
    return [...rest, ...this.#close(), ...this.#others, event];
  }

  #delta(event: Extract<ConverseEvent, { contentBlockDelta: unknown }>): ConverseEvent[] {
    const { contentBlockIndex, delta } = event.contentBlockDelta;
    if ('text' in delta) return this.#read(this.#tags.push(delta.text));
    if ('reasoningContent' in delta) return this.#think(delta.reasoningContent.text ?? '');
    if ('citation' in delta) return this.#cite(delta);
    return this.#keep(contentBlockIndex, event);
  }

  #keep(index: number, event: ConverseEvent): ConverseEvent[] {
    if (this.#kept.has(index)) this.#others.push(movedBy(othersFrom, event));
    return [];
  }

  #read({ thinking, output }: Read): ConverseEvent[] {
    // What the thinking cites is not said of the answer.
    if (thinking !== '') this.#cited = [];
    return [...this.#think(thinking), ...this.#write(output)];
  }

  #think(text: string): ConverseEvent[] {
    // Thinking behind the answer's beginning has no place any more.
    if (text === '' || this.#at === 'output') return [];
    this.#at = 'thinking';
    return [deltaOf(thinkingAt, { reasoningContent: { text } })];
  }

  #write(text: string): ConverseEvent[] {
    if (text === '') return [];
    const closed = this.#at === 'output' ? [] : this.#close();
    this.#at = 'output';
    const cited = this.#cited.splice(0).map((each) => deltaOf(outputAt, each));
    return [...closed, deltaOf(outputAt, { text }), ...cited];
  }

  #cite(delta: Delta): ConverseEvent[] {
    if (this.#at === 'output') return [deltaOf(outputAt, delta)];
    if (!this.#tags.isThinking) this.#cited.push(delta);
    return [];
  }

  #close(): ConverseEvent[] {
    if (this.#at === 'nothing') return [];
    return [{ contentBlockStop: { contentBlockIndex: this.#at === 'thinking' ? thinkingAt : outputAt } }];
  }
}

const deltaOf = (contentBlockIndex: number, delta: Delta): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex, delta },
});
