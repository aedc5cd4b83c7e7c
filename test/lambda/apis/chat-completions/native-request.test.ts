import { describe, expect, test } from 'vitest';
import { nativeRequest } from '../../../../lambda/apis/chat-completions/native-request.ts';
import { readParameters, translateChat } from '../../../../lambda/apis/chat-completions/request.ts';
import type { FetchedMedia } from '../../../../lambda/canonical/fetched-media.ts';
import { stateKey } from '../../../support/responses.ts';

/** Bodies for models that speak Chat Completions themselves, where they hold what was fetched. */

const url = 'https://example.com/cat';
const png = { mediaType: 'binary/octet-stream', bytes: 'iVBORw0KGgo=' };

function messages(content: unknown, fetched: Record<string, FetchedMedia> = { [url]: png }) {
  const asked = readParameters({ model: 'm', messages: [{ role: 'user', content }] }, false);
  const options = { stateKey, fetched: new Map(Object.entries(fetched)) };
  const chat = translateChat(asked, options);
  return nativeRequest({ asked, chat, options, lane: 'native' })?.body.messages;
}

describe('an image by its URL', () => {
  const inPlace = 'data:image/png;base64,iVBORw0KGgo=';
  test.each<[string, object, object]>([
    ['is put in', { url }, { url: inPlace }],
    ['keeps its detail', { url, detail: 'low' }, { url: inPlace, detail: 'low' }],
    ['loses what the API does not have', { url, format: 'png' }, { url: inPlace }],
  ])('%s', (_, image_url, expected) => {
    const part = { type: 'image_url', image_url };
    expect(messages([part])).toEqual([{ role: 'user', content: [{ ...part, image_url: expected }] }]);
  });

  test('as older clients write it, and clients of Responses', () => {
    for (const type of ['image_url', 'input_image'])
      expect(messages([{ type, image_url: url }])).toEqual([
        { role: 'user', content: [{ type: 'image_url', image_url: { url: inPlace } }] },
      ]);
  });
});

test('calls and parts that say little get what the API wants of them', () => {
  const asked = readParameters(
    {
      model: 'm',
      tools: [{ type: 'function', function: { name: 'look' } }],
      messages: [
        { role: 'user', content: 'Look', name: 'ann' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', function: { name: 'look', arguments: ' ' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'seen', cache_control: { type: 'ephemeral' } },
        { role: 'assistant', content: [], cache_control: { type: 'ephemeral' } },
        { role: 'user', content: 'And?', cache_control: null },
      ],
    },
    false,
  );
  const options = { stateKey, fetched: new Map() };
  const chat = translateChat(asked, options);
  expect(nativeRequest({ asked, chat, options, lane: 'native' })?.body.messages).toEqual([
    { role: 'user', content: 'Look', name: 'ann' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
    },
    {
      role: 'tool',
      tool_call_id: 'a',
      content: [{ type: 'text', text: 'seen', prompt_cache_breakpoint: { mode: 'explicit' } }],
    },
    { role: 'user', content: 'And?' },
  ]);
});
