import type { CanonicalRequest } from '../../canonical/request.ts';
import type { ContentBlock, ConverseAnswer, ConverseEvent } from '../../canonical/types.ts';
import type { Technique } from '../load.ts';
import { ThinkingTags } from '../reading/thinking-tags.ts';
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
  const { content } = answer.output.message;
  const tags = new ThinkingTags();
  let thinking = '';
  let output = '';
  const others: ContentBlock[] = [];
  const take = (read: { thinking: string; output: string }) => {
    thinking += read.thinking;
    output += read.output;
  };
  for (const block of content) {
    if ('text' in block) take(tags.push(block.text));
    else if ('reasoningContent' in block) thinking += block.reasoningContent.reasoningText?.text ?? '';
    else others.push(block);
  }
  take(tags.end(isCutOff(answer)));
  const blocks: ContentBlock[] = [
    ...(thinking === '' ? [] : [{ reasoningContent: { reasoningText: { text: thinking } } }]),
    ...others,
    ...(output === '' ? [] : [{ text: output }]),
  ];
  return { ...answer, output: { message: { role: 'assistant', content: blocks } } };
}

/** The same for a stream: one block of reasoning, and behind it one of text. */
function eventsApart(): (batch: ConverseEvent[]) => ConverseEvent[] {
  const tags = new ThinkingTags();
  let at: 'nothing' | 'thinking' | 'output' = 'nothing';
  return (batch) => {
    const events: ConverseEvent[] = [];
    const close = () => {
      if (at !== 'nothing')
        events.push({ contentBlockStop: { contentBlockIndex: at === 'thinking' ? 0 : 1 } });
    };
    const think = (text: string) => {
      // Thinking behind the answer's beginning has no place any more.
      if (text === '' || at === 'output') return;
      at = 'thinking';
      events.push({ contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text } } } });
    };
    const write = (text: string) => {
      if (text === '') return;
      if (at !== 'output') close();
      at = 'output';
      events.push({ contentBlockDelta: { contentBlockIndex: 1, delta: { text } } });
    };
    for (const event of batch) {
      if ('contentBlockDelta' in event) {
        const { delta } = event.contentBlockDelta;
        if ('text' in delta) {
          const { thinking, output } = tags.push(delta.text);
          think(thinking);
          write(output);
        } else if ('reasoningContent' in delta) think(delta.reasoningContent.text ?? '');
      } else if ('messageStop' in event) {
        const { thinking, output } = tags.end(isCutOff(event.messageStop));
        think(thinking);
        write(output);
        close();
        events.push(event);
      } else if (!('contentBlockStart' in event || 'contentBlockStop' in event)) events.push(event);
    }
    return events;
  };
}
