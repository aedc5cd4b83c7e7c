import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ContentBlock, ConverseAnswer, JsonObject } from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { restoreJsonTool } from '../../../../lambda/fit/structured-output/json-tool.ts';
import { cuts, resplit } from '../../../support/resplit.ts';

const schema: JsonObject = { type: 'object', properties: { temp: { type: 'number' } } };
const tool = { name: 'json_response', schema, wrapped: false };
const wrapping = { ...tool, schema: { type: 'array' }, wrapped: true };
const json = (input: JsonObject | string): ContentBlock => ({
  toolUse: { toolUseId: 'j', name: 'json_response', input },
});
const weather: ContentBlock = { toolUse: { toolUseId: 'w', name: 'get_weather', input: { city: 'Paris' } } };
const thought: ContentBlock = { reasoningContent: { reasoningText: { text: 'hm', signature: 'c2ln' } } };
const answer = (content: ContentBlock[], stopReason = 'tool_use'): ConverseAnswer => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});

interface Row {
  note: string;
  use?: typeof tool;
  given: ContentBlock[];
  stopReason?: string;
  content: ContentBlock[];
  stop: string;
}

const rows: Row[] = [
  {
    note: 'the call alone is the answer',
    given: [json({ temp: 62 })],
    content: [{ text: '{"temp":62}' }],
    stop: 'end_turn',
  },
  { note: 'no input is {}', given: [json({})], content: [{ text: '{}' }], stop: 'end_turn' },
  {
    note: 'text around it goes, reasoning stays',
    given: [thought, { text: 'Here it is:' }, json({ temp: 62 }), { text: 'Done.' }],
    content: [thought, { text: '{"temp":62}' }],
    stop: 'end_turn',
  },
  {
    note: 'other calls stay calls',
    given: [{ text: 'Let me see.' }, weather, json({ temp: 62 })],
    content: [{ text: 'Let me see.' }, weather, { text: '{"temp":62}' }],
    stop: 'tool_use',
  },
  { note: 'a real call alone', given: [weather], content: [weather], stop: 'tool_use' },
  {
    note: 'blocks of server tools stay',
    given: [{ toolResult: { toolUseId: 's', content: [{ text: 'x' }] } }, json({ temp: 62 })],
    content: [{ toolResult: { toolUseId: 's', content: [{ text: 'x' }] } }, { text: '{"temp":62}' }],
    stop: 'end_turn',
  },
  {
    note: 'an input that is a list',
    use: wrapping,
    given: [json('[1, 2]')],
    content: [{ text: '[1, 2]' }],
    stop: 'end_turn',
  },
  {
    note: 'only its first call counts',
    given: [json({ temp: 62 }), json({ temp: 63 })],
    content: [{ text: '{"temp":62}' }],
    stop: 'end_turn',
  },
  {
    note: 'a model that does not comply is passed on',
    given: [
      { text: 'It is ' },
      { citationsContent: { content: [{ text: '62' }], citations: [{ title: 't' }] } },
    ],
    stopReason: 'end_turn',
    content: [
      { text: 'It is ' },
      { citationsContent: { content: [{ text: '62' }], citations: [{ title: 't' }] } },
    ],
    stop: 'end_turn',
  },
  {
    note: 'what max_tokens cut off stays cut off',
    given: [json('{"temp":6')],
    stopReason: 'max_tokens',
    content: [{ text: '{"temp":6' }],
    stop: 'max_tokens',
  },
  {
    note: 'a needless property around the input goes',
    given: [json({ properties: { temp: 62 } })],
    content: [{ text: '{"temp":62}' }],
    stop: 'end_turn',
  },
  {
    note: 'one among others, or with no object in it, stays',
    given: [json({ properties: { temp: 62 }, more: 1 })],
    content: [{ text: '{"properties":{"temp":62},"more":1}' }],
    stop: 'end_turn',
  },
  {
    note: 'and one that the schema has stays',
    use: { ...tool, schema: { type: 'object', properties: { properties: {} } } },
    given: [json({ properties: { temp: 62 } })],
    content: [{ text: '{"properties":{"temp":62}}' }],
    stop: 'end_turn',
  },
  {
    note: 'a wrapped list',
    use: wrapping,
    given: [json({ value: [1, 2] })],
    content: [{ text: '[1,2]' }],
    stop: 'end_turn',
  },
  {
    note: 'a wrapped string',
    use: wrapping,
    given: [json({ value: 'a"b' })],
    content: [{ text: '"a\\"b"' }],
    stop: 'end_turn',
  },
  {
    note: 'a wrapped list that max_tokens cut off',
    use: wrapping,
    given: [json('{ "value": [1, 2')],
    stopReason: 'max_tokens',
    content: [{ text: '[1, 2' }],
    stop: 'max_tokens',
  },
  {
    note: 'an input that is not wrapped as asked',
    use: wrapping,
    given: [json({ values: [1] })],
    content: [{ text: '{"values":[1]}' }],
    stop: 'end_turn',
  },
];

describe('the JSON tool', () => {
  it.each(rows)('$note', ({ use = tool, given, stopReason = 'tool_use', content, stop }) => {
    expect(restoreJsonTool(use).answer(answer(given, stopReason))).toEqual(answer(content, stop));
  });

  it('tells the same however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rows),
        cuts,
        ({ use = tool, given, stopReason = 'tool_use', content, stop }, at) => {
          const restore = restoreJsonTool(use).events();
          const events = resplit(unfold(answer(given, stopReason)), at).flatMap((event) => restore([event]));
          expect(fold(events)).toEqual(answer(content, stop));
        },
      ),
    );
  });

  it('tells fragments as they come', () => {
    const restore = restoreJsonTool(tool).events();
    const [, start, ...rest] = unfold(answer([json({ temp: 62 })]));
    expect(restore([start!])).toEqual([]);
    const delta = (input: string) => ({
      contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input } } },
    });
    const told = (text: string) => [{ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } }];
    expect(restore([delta('')])).toEqual([]);
    expect(restore([delta(' ')])).toEqual([]);
    expect(restore([delta('{"te')])).toEqual(told(' {"te'));
    expect(restore([delta('mp": 6')])).toEqual(told('mp": 6'));
    expect(rest.length).toBeGreaterThan(0);
  });
});
