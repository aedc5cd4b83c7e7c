import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type {
  ContentBlock,
  ConverseAnswer,
  ConverseEvent,
  Json,
} from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import type { Capabilities } from '../../../../lambda/models/capabilities.ts';
import { answerBlocks } from '../../../support/answers.ts';
import { able } from '../../../support/capabilities.ts';
import { fitUnnamed } from '../../../support/fit.ts';
import { cuts, resplit } from '../../../support/resplit.ts';

const restoring = (leaks: Capabilities['leaks'], tools = true) =>
  fitUnnamed(
    {
      converse: {
        messages: [{ role: 'user', content: [{ text: 'a' }] }],
        ...(tools && {
          toolConfig: { tools: [{ toolSpec: { name: 'get weather', inputSchema: { json: {} } } }] },
        }),
      },
      intent: {},
    },
    able(leaks ? { leaks } : {}),
  ).restore;

const answer = (content: ContentBlock[], stopReason = 'end_turn'): ConverseAnswer => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});
const call = (header: string, input: string) =>
  `<|tool_call_begin|>${header}<|tool_call_argument_begin|>${input}<|tool_call_end|>`;
const section = (...calls: string[]) =>
  `<|tool_calls_section_begin|>${calls.join('\n')}<|tool_calls_section_end|>`;
const use = (toolUseId: string, name: string, input: Json): ContentBlock => ({
  toolUse: { toolUseId, name, input },
});
const thought = (text: string): ContentBlock => ({ reasoningContent: { reasoningText: { text } } });

const rows: { note: string; given: ContentBlock[]; content: ContentBlock[]; stop?: string; from?: string }[] =
  [
    {
      note: 'a call among text, under the name that the client knows',
      given: [{ text: `Let me see. ${section(call('functions.get_weather:3', '{"city":"Paris"}'))}\n` }],
      content: [{ text: 'Let me see. ' }, use('functions.get_weather:3', 'get weather', { city: 'Paris' })],
      stop: 'tool_use',
    },
    {
      note: 'several calls, with and without numbers, and text behind them',
      given: [
        { text: `${section(call('f', '{}'), call(' functions.f:0 ', '{"a":1}'), call('f', ''))} done` },
      ],
      content: [
        use('functions.f:0', 'f', {}),
        use('functions.f:1', 'f', { a: 1 }),
        use('functions.f:2', 'f', {}),
        { text: 'done' },
      ],
      stop: 'tool_use',
    },
    {
      note: 'a call that max_tokens cut off',
      given: [{ text: '<|tool_call_begin|>f<|tool_call_argument_begin|>{"city":"Par<' }],
      content: [use('functions.f:0', 'f', '{"city":"Par<')],
      from: 'max_tokens',
      stop: 'max_tokens',
    },
    {
      note: 'a call without input is text',
      given: [{ text: 'a<|tool_call_begin|>functions.f' }],
      content: [{ text: 'a<|tool_call_begin|>functions.f' }],
    },
    {
      note: 'thinking between tags at the start of a text',
      given: [{ text: '\n<think>\nThe user wants…</think>\n\nHello' }],
      content: [thought('The user wants…'), { text: 'Hello' }],
    },
    {
      note: 'the other spelling, then a call',
      given: [{ text: `<reasoning>hm </reasoning>${call('f', '{}')}` }],
      content: [thought('hm '), use('functions.f:0', 'f', {})],
      stop: 'tool_use',
    },
    { note: 'thinking that never ends', given: [{ text: '<think>hm</thi' }], content: [thought('hm</thi')] },
    {
      note: 'tags further on are what the answer is about',
      given: [{ text: 'Use <think> and </think>, a < b, <|x' }],
      content: [{ text: 'Use <think> and </think>, a < b, <|x' }],
    },
    { note: 'half a tag is text', given: [{ text: ' <thin' }], content: [{ text: ' <thin' }] },
    {
      note: 'a call among the reasoning, and nothing else',
      given: [thought(`Let me look. ${section(call('functions.get_weather:0', '{"city":"Paris"}'))}`)],
      content: [thought('Let me look. '), use('functions.get_weather:0', 'get weather', { city: 'Paris' })],
      stop: 'tool_use',
    },
    {
      note: 'calls in the reasoning and in the text, thinking between and behind them',
      given: [thought(`a ${call('f', '{}')} b <think>`), { text: `c${call('f', '{"a":1}')}` }],
      content: [
        thought('a '),
        use('functions.f:0', 'f', {}),
        thought('b <think>'),
        { text: 'c' },
        use('functions.f:1', 'f', { a: 1 }),
      ],
      stop: 'tool_use',
    },
    {
      note: 'the section in singular',
      given: [{ text: `<|tool_call_section_begin|>${call('f', '{}')}<|tool_call_section_end|>` }],
      content: [use('functions.f:0', 'f', {})],
      stop: 'tool_use',
    },
    {
      note: 'reasoning that only begins like a call',
      given: [thought('<think>a <|tool_call_begin'), { text: 'b' }],
      content: [thought('<think>a <|tool_call_begin'), { text: 'b' }],
    },
    {
      note: 'signed and redacted reasoning as it is',
      given: [
        { reasoningContent: { reasoningText: { text: 'a <', signature: 'c2ln' } } },
        { reasoningContent: { reasoningText: { text: '', signature: 'c2ln' } } },
        { reasoningContent: { redactedContent: 'cmVkYWN0ZWQ=' } },
      ],
      content: [
        { reasoningContent: { reasoningText: { text: 'a <', signature: 'c2ln' } } },
        { reasoningContent: { reasoningText: { text: '', signature: 'c2ln' } } },
        { reasoningContent: { redactedContent: 'cmVkYWN0ZWQ=' } },
      ],
    },
    {
      note: 'other blocks keep their order',
      given: [thought('a'), { text: '<think>b</think>c' }, use('t', 'f', {}), { text: 'd' }],
      content: [thought('a'), thought('b'), { text: 'c' }, use('t', 'f', {}), { text: 'd' }],
      from: 'tool_use',
      stop: 'tool_use',
    },
  ];

describe('leaked markup', () => {
  it.each(rows)('$note', ({ given, content, from = 'end_turn', stop = 'end_turn' }) => {
    expect(restoring('kimi-tool-tokens').answer(answer(given, from))).toEqual(answer(content, stop));
  });

  it('is found the same however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rows),
        cuts,
        ({ given, content, from = 'end_turn', stop = 'end_turn' }, at) => {
          const restore = restoring('kimi-tool-tokens').events();
          const events = resplit(unfold(answer(given, from)), at).flatMap((event) => restore([event]));
          expect(fold(events)).toEqual(answer(content, stop));
          expectWellFormed(events);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of calls is text where there are no tools, or the model is known for tags only', () => {
    const given = answer([{ text: `<think>a</think>${call('f', '{}')}` }]);
    const expected = answer([thought('a'), { text: call('f', '{}') }]);
    expect(restoring('kimi-tool-tokens', false).answer(given)).toEqual(expected);
    expect(restoring('think-tags').answer(given)).toEqual(expected);
    expect(restoring(undefined).answer(given)).toEqual(given);
  });

  it('of DeepSeek becomes calls, in text and in reasoning, and its tags stay', () => {
    const tokens = (name: string, input: string) =>
      `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>${name}<｜tool▁sep｜>${input}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`;
    const given = answer([
      thought(`Hm. ${tokens('get_weather', '{"city":"Paris"}')}`),
      { text: `<think>a${tokens('f', '{}')}` },
    ]);
    const expected = answer(
      [
        thought('Hm. '),
        use('functions.get_weather:0', 'get weather', { city: 'Paris' }),
        { text: '<think>a' },
        use('functions.f:1', 'f', {}),
      ],
      'tool_use',
    );
    expect(restoring('deepseek-tool-tokens').answer(given)).toEqual(expected);
    expect(restoring('deepseek-tool-tokens', false).answer(given)).toEqual(given);
  });

  it.each([
    ['get_weather<|channel|>commentary', 'get weather'],
    ['get_weather <|constrain|>json', 'get weather'],
    ['functions.get_weather', 'get weather'],
    ['functions.get_weather<|channel|>analysis', 'get weather'],
    ['get_weather<｜tool▁sep｜>', 'get weather'],
    ['get_weather', 'get weather'],
    ['get_weather_now<|channel|>commentary', 'get_weather_now<|channel|>commentary'],
    ['<|channel|>', '<|channel|>'],
  ])('behind a name: %s is a call of %s', (called, name) => {
    const [given, expected] = [called, name].map((each) => answer([use('t', each, {})], 'tool_use'));
    const restore = restoring(undefined);
    expect(restore.answer(given!)).toEqual(expected);
    expect(fold(unfold(given!).flatMap((event) => restore.events()([event])))).toEqual(expected);
  });

  it('leaves every other answer as it is', () => {
    fc.assert(
      fc.property(fc.array(answerBlocks), (blocks) => {
        // A text of nothing is the one thing that is not told again.
        const given = answer(blocks.filter((block) => !JSON.stringify(block).includes('{"text":""}')));
        for (const tools of [true, false]) {
          expect(restoring('kimi-tool-tokens', tools).answer(given)).toEqual(given);
        }
      }),
    );
  });

  it('passes over the stop of a block that never began', () => {
    const restore = restoring('think-tags').events();
    expect(restore([{ contentBlockStop: { contentBlockIndex: 0 } }])).toEqual([]);
  });

  it('is read once, however long the text', () => {
    const long = 'a < b '.repeat(200_000);
    expect(restoring('kimi-tool-tokens').answer(answer([{ text: long }]))).toEqual(answer([{ text: long }]));
  });
});

/** Blocks one after the other, numbered without gaps, each stopped once. */
function expectWellFormed(events: ConverseEvent[]): void {
  const stops = events.flatMap((event) =>
    'contentBlockStop' in event ? [event.contentBlockStop.contentBlockIndex] : [],
  );
  expect(stops).toEqual(stops.map((_, i) => i));
}
