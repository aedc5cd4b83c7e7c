import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConverseAnswer, ConverseRequest } from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { able } from '../../../support/capabilities.ts';
import { fitUnnamed } from '../../../support/fit.ts';

const tool = (name: string) => ({ toolSpec: { name, inputSchema: { json: {} } } });
const asking = (tools: string[], messages: ConverseRequest['messages'] = []): ConverseRequest => ({
  messages: [{ role: 'user', content: [{ text: 'a' }] }, ...messages],
  toolConfig: { tools: tools.map(tool) },
});
const calling = (...names: string[]): ConverseAnswer => ({
  output: {
    message: {
      role: 'assistant',
      content: [
        { text: 'Let me see.' },
        ...names.map((name, i) => ({ toolUse: { toolUseId: `t${i}`, name, input: { a: 1 } } })),
      ],
    },
  },
  stopReason: 'tool_use',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});
const namesIn = (request: ConverseRequest) =>
  (request.toolConfig?.tools ?? []).map((entry) => ('toolSpec' in entry ? entry.toolSpec.name : ''));

describe('tool names', () => {
  it('come back as the client wrote them, in answers and streams, whatever they are', () => {
    const names = fc.uniqueArray(
      fc.oneof(fc.string(), fc.constantFrom('a-b', 'a_b', 'a b', 'a.b', 'x'.repeat(65), 'x'.repeat(66))),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(names, fc.boolean(), (clients, hyphenInToolNames) => {
        const fitted = fitUnnamed({ converse: asking(clients), intent: {} }, able({ hyphenInToolNames }));
        const answer = calling(...namesIn(fitted.request));
        expect(fitted.restore.answer(answer)).toEqual(calling(...clients));
        expect(fitted.restore.events()(unfold(answer))).toEqual(unfold(calling(...clients)));
      }),
    );
  });

  it('do not cross between requests that are under way together', () => {
    const one = fitUnnamed({ converse: asking(['get.weather']), intent: {} }, able({}));
    const two = fitUnnamed({ converse: asking(['get/weather']), intent: {} }, able({}));
    expect(namesIn(one.request)).toEqual(namesIn(two.request));
    expect(one.restore.answer(calling('get_weather'))).toEqual(calling('get.weather'));
    expect(two.restore.answer(calling('get_weather'))).toEqual(calling('get/weather'));
  });

  it('that the model made up pass', () => {
    const { restore } = fitUnnamed({ converse: asking(['a.b']), intent: {} }, able({}));
    expect(restore.answer(calling('made_up'))).toEqual(calling('made_up'));
  });
});

describe('calls that the client ruled out', () => {
  const history: ConverseRequest['messages'] = [
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'f', input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'x' }] } }] },
  ];
  const { restore } = fitUnnamed(
    { converse: asking(['f'], history), intent: { toolChoiceNone: true } },
    able({}),
  );
  const expected = { ...calling(), stopReason: 'end_turn' };

  it('are left out of the answer', () => {
    expect(restore.answer(calling('f'))).toEqual(expected);
    expect(restore.answer({ ...calling('f'), stopReason: 'max_tokens' }).stopReason).toBe('max_tokens');
  });

  it('are left out of the stream', () => {
    expect(restore.events()(unfold(calling('f')))).toEqual(unfold(expected));
  });
});
