import { describe, expect, test } from 'vitest';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../support/fit.ts';

const toolSpec = { name: 'get.weather', description: 'Weather', inputSchema: { json: { type: 'object' } } };

/** Kimi leaks tool tokens into its text: they become calls first, and only then get the client's names back. */
const fitted = fitTo(
  {
    model: 'kimi',
    converse: {
      messages: [{ role: 'user', content: [{ text: 'Weather?' }] }],
      toolConfig: { tools: [{ toolSpec }] },
    },
    intent: {},
  },
  capabilitiesOf('moonshotai.kimi-k2.5'),
);
const sent = fitted.request.toolConfig?.tools.flatMap((tool) =>
  'toolSpec' in tool ? [tool.toolSpec.name] : [],
);
const leaked = `<|tool_call_begin|>functions.${sent?.[0]}:0<|tool_call_argument_begin|>{"city":"Paris"}<|tool_call_end|>`;

const names = (events: ConverseEvent[]) =>
  events.flatMap((event) =>
    'contentBlockStart' in event ? [event.contentBlockStart.start.toolUse?.name] : [],
  );

describe('ways back are taken in reverse order', () => {
  test('the name was changed on the way to Bedrock', () => expect(sent).not.toContain('get.weather'));

  test('in an answer', () => {
    const restored = fitted.restore.answer({
      output: { message: { role: 'assistant', content: [{ text: leaked }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    });
    const [block] = restored.output.message.content;
    expect(block).toMatchObject({ toolUse: { name: 'get.weather', input: { city: 'Paris' } } });
    expect(restored.stopReason).toBe('tool_use');
  });

  test('in events, with fresh state for each stream', () => {
    for (let stream = 0; stream < 2; stream += 1) {
      const restore = fitted.restore.events();
      const events = [
        ...restore([{ messageStart: { role: 'assistant' } }]),
        ...restore([{ contentBlockDelta: { contentBlockIndex: 0, delta: { text: leaked } } }]),
        ...restore([
          { contentBlockStop: { contentBlockIndex: 0 } },
          { messageStop: { stopReason: 'end_turn' } },
        ]),
      ];
      expect(names(events)).toEqual(['get.weather']);
      expect(events.at(-1)).toMatchObject({ messageStop: { stopReason: 'tool_use' } });
    }
  });

  test('without repairs an answer is the same one', () => {
    const { restore } = fitTo(
      { model: 'm', converse: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }, intent: {} },
      capabilitiesOf('amazon.nova-lite-v1:0'),
    );
    const batch: ConverseEvent[] = [{ messageStart: { role: 'assistant' } }];
    expect(restore.events()(batch)).toBe(batch);
  });
});
