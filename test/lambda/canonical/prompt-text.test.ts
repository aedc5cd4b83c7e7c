import { describe, expect, test } from 'vitest';
import { textsOf } from '../../../lambda/canonical/body-text.ts';
import { promptText } from '../../../lambda/canonical/prompt-text.ts';
import type { ContentBlock, ConverseRequest, JsonObject } from '../../../lambda/canonical/types.ts';

const source = { bytes: 'QUJD' };
const schema = { type: 'object' };

describe('the text of a request', () => {
  test.each<[what: string, block: ContentBlock, text: string]>([
    ['a text', { text: 'Hi' }, 'Hi'],
    ['a call', { toolUse: { toolUseId: 't', name: 'f', input: { a: 1 } } }, '{"a":1}'],
    [
      'a result',
      { toolResult: { toolUseId: 't', content: [{ text: 'one' }, { json: { b: 2 } }] } },
      'one\n{"b":2}',
    ],
    ['a result without content', { toolResult: { toolUseId: 't' } } as unknown as ContentBlock, ''],
    ['reasoning', { reasoningContent: { reasoningText: { text: 'Hm', signature: 's' } } }, 'Hm'],
    ['reasoning that is sealed', { reasoningContent: { redactedContent: 'QUJD' } }, ''],
    ['a guarded text', { guardContent: { text: { text: 'guarded' } } }, 'guarded'],
    ['a guarded image', { guardContent: { image: { format: 'png', source } } }, ''],
    [
      'a text with citations',
      { citationsContent: { content: [{ text: 'cited' }], citations: [{ title: 'a' }] } },
      'cited',
    ],
    ['citations alone', { citationsContent: { citations: [] } }, ''],
    [
      'a search result',
      { searchResult: { source: 'a', title: 'Title', content: [{ text: 'one' }, { text: 'two' }] } },
      'Title\none\ntwo',
    ],
    ['an image', { image: { format: 'png', source } }, ''],
    ['a cache point', { cachePoint: { type: 'default' } }, ''],
  ])('has of %s its words', (_, block, text) => {
    expect(promptText({ messages: [{ role: 'user', content: [block] }] })).toBe(text);
  });

  test('has instructions, tools and turns, in that order', () => {
    const request: ConverseRequest = {
      system: [{ text: 'Be kind.' }, { cachePoint: { type: 'default' } }],
      messages: [
        { role: 'user', content: [{ text: 'Hi' }, { text: 'there' }] },
        { role: 'assistant', content: [{ text: 'Hello' }] },
      ],
      toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: schema } } }] },
    };
    const tool = JSON.stringify(request.toolConfig?.tools?.[0]);
    expect(promptText(request)).toBe(['Be kind.', '', tool, 'Hi', 'there', 'Hello'].join('\n'));
    expect(promptText({ messages: [] })).toBe('');
  });
});

describe('the text of a native body', () => {
  test.each<[what: string, body: JsonObject, text: string]>([
    ['its strings, at any depth', { system: 'a', messages: [{ content: [{ text: 'b' }] }] }, 'a\nb'],
    [
      'no bytes, ids and marks',
      {
        role: 'user',
        content: [
          { type: 'image', source: { media_type: 'image/png', data: 'QUJD' } },
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' },
        ],
      },
      'Hm\nf\ndone',
    ],
    [
      'no files, in whose members they stand',
      {
        input: [
          { content: [{ type: 'input_image', image_url: 'data:image/png;base64,QUJD' }] },
          { content: [{ type: 'input_file', filename: 'a', file_data: 'QUJD' }] },
          { content: [{ image_url: { url: 'data:image/png;base64,QUJD' } }, { text: 'data: none' }] },
        ],
      },
      'a\ndata: none',
    ],
    [
      'a document that is text',
      { source: { type: 'text', media_type: 'text/plain', data: 'words' } },
      'words',
    ],
    ['nothing of numbers, truth values and null', { max_tokens: 5, stream: true, system: null }, ''],
  ])('has %s', (_, body, text) => expect(textsOf(body)).toBe(text));
});
