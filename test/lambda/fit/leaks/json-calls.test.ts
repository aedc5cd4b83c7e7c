import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ContentBlock, ConverseAnswer, Json } from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { answerBlocks } from '../../../support/answers.ts';
import { able } from '../../../support/capabilities.ts';
import { fitUnnamed } from '../../../support/fit.ts';
import { cuts, resplit } from '../../../support/resplit.ts';

const restoring = (tools = true) =>
  fitUnnamed(
    {
      converse: {
        messages: [{ role: 'user', content: [{ text: 'a' }] }],
        ...(tools && {
          toolConfig: {
            tools: ['get weather', 'noop'].map((name) => ({ toolSpec: { name, inputSchema: { json: {} } } })),
          },
        }),
      },
      intent: {},
    },
    able({ leaks: 'json-calls' }),
  ).restore;

const answer = (content: ContentBlock[], stopReason = 'end_turn'): ConverseAnswer => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});
const use = (name: string, input: Json): ContentBlock => ({
  toolUse: { toolUseId: expect.stringMatching(/^call_\w{22}$/) as string, name, input },
});
const weather = '{"type": "function", "name": "get_weather", "parameters": {"city": "Paris"}}';

const rows: {
  note: string;
  given: ContentBlock[];
  content?: ContentBlock[];
  stop?: string;
  tools?: boolean;
}[] = [
  {
    note: 'a call, under the name that the client knows',
    given: [{ text: weather }],
    content: [use('get weather', { city: 'Paris' })],
    stop: 'tool_use',
  },
  {
    note: 'two calls, behind the tag and with a semicolon between',
    given: [{ text: `<|python_tag|>${weather}; {"name": "noop"}` }],
    content: [use('get weather', { city: 'Paris' }), use('noop', {})],
    stop: 'tool_use',
  },
  {
    note: 'a call beside other blocks',
    given: [{ text: 'Let me see.' }, { text: `\n${weather}\n` }, { text: '{"a": 1}' }],
    content: [{ text: 'Let me see.' }, use('get weather', { city: 'Paris' }), { text: '{"a": 1}' }],
    stop: 'tool_use',
  },
  { note: 'no tools were sent', given: [{ text: weather }], tools: false },
  { note: 'a tool that is not there', given: [{ text: weather.replace('get_weather', 'get_news') }] },
  { note: 'one of two that is not there', given: [{ text: `${weather}{"name": "get_news"}` }] },
  { note: 'JSON of another kind', given: [{ text: '{"name": "noop", "age": 3}' }] },
  { note: 'more members than a call has', given: [{ text: '{"name": "noop", "parameters": {}, "x": 1}' }] },
  { note: 'parameters that are none', given: [{ text: '{"name": "noop", "parameters": [1]}' }] },
  { note: 'another type', given: [{ text: '{"type": "object", "name": "noop"}' }] },
  { note: 'a call among text', given: [{ text: `I call ${weather}` }] },
  { note: 'text behind a call', given: [{ text: `${weather} is what I call` }] },
  { note: 'a call that was cut off', given: [{ text: weather.slice(0, -5) }] },
  { note: 'an unfinished tag', given: [{ text: '<|python' }] },
  { note: 'plain text', given: [{ text: 'Hello' }] },
];

describe('calls written as JSON', () => {
  test.each(rows)('$note', ({ given, content = given, stop = 'end_turn', tools }) => {
    expect(restoring(tools).answer(answer(given))).toEqual(answer(content, stop));
  });

  test('a limit that was reached stays one', () => {
    const { stopReason } = restoring().answer(answer([{ text: weather }], 'max_tokens'));
    expect(stopReason).toBe('max_tokens');
  });

  test('text that cannot be a call is told as it comes', () => {
    const restore = restoring().events();
    const delta = (text: string) => [{ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } }];
    expect(restore(delta(' '))).toEqual([]);
    expect(restore(delta('Hello'))).toEqual(delta(' Hello'));
    expect(restore(delta('{'))).toEqual(delta('{'));
  });

  test('however the stream is cut, it means the same', () => {
    const texts = fc.constantFrom(weather, `<|python_tag|>${weather}`, '{"a":1}', 'Hello', '<|py', '{"name"');
    const blocks = fc.array(
      fc.oneof(
        texts.map((text) => ({ text })),
        answerBlocks,
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(blocks, cuts, (content, at) => {
        const given = answer(content);
        const restore = restoring().events();
        const streamed = fold(resplit(unfold(given), at).flatMap((event) => restore([event])));
        expect(streamed).toEqual(restoring().answer(given));
      }),
    );
  });
});
