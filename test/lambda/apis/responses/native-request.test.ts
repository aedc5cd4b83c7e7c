import { describe, expect, test } from 'vitest';
import { sealToolCallId } from '../../../../lambda/apis/reasoning/sealed-id.ts';
import { nativeRequest } from '../../../../lambda/apis/responses/native-request.ts';
import { readParameters } from '../../../../lambda/apis/responses/request.ts';
import { sealReasoning, sealText } from '../../../../lambda/apis/responses/sealed.ts';
import type { Fields } from '../../../../lambda/apis/shared/json.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import type { FetchedMedia } from '../../../../lambda/canonical/fetched-media.ts';
import { stateKey } from '../../../support/responses.ts';

const reasoned = { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } };
const sealedReasoning = sealReasoning([reasoned], 'm', stateKey);
const summary = 'They talked about the weather.';
const hi = { type: 'message', role: 'user', content: 'Hi' };

function native(body: Fields, fetched: Record<string, FetchedMedia> = {}) {
  const given = { model: 'm', ...body };
  return nativeRequest(given, readParameters(given, false), { stateKey, fetched: new Map(Object.entries(fetched)) }); // biome-ignore format: one line
}

/** Each item of an input as it goes out, and what is said to be lost. */
const sent = (input: unknown[]) => {
  const { body, lost } = native({ input }) ?? {};
  return [body?.input, lost];
};

describe('items for a model that speaks Responses', () => {
  test.each<[string, object, object[], RegExp[]]>([
    ['reasoning of another model is left out with a warning', { type: 'reasoning', summary: [], encrypted_content: sealedReasoning }, [], [/reasoning of 1 item/]],
    ['a summary of reasoning alone is left out in silence', { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] }, [], []],
    ['its own reasoning goes on', { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }, [{ type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }], []],
    ['its own compaction goes on', { type: 'compaction', encrypted_content: 'gAAAA' }, [{ type: 'compaction', encrypted_content: 'gAAAA' }], []],
    ['a summary that the gateway sealed is the user’s word', { type: 'compaction', encrypted_content: sealText(summary, stateKey) }, [{ type: 'message', role: 'user', content: expect.stringContaining(summary) }], []],
    ['a summary that was sealed for somebody else is left out with a warning', { type: 'compaction', encrypted_content: sealText(summary, deriveStateKey('other')) }, [], [/summary of 1 compaction item/]],
    ['the id of a call is opened', { type: 'function_call_output', call_id: sealToolCallId('call_1', [reasoned], stateKey), output: 'a' }, [{ type: 'function_call_output', call_id: 'call_1', output: 'a' }], []],
  ])('%s', (_, item, expected, lost) => {
    expect(sent([hi, item])).toEqual([[hi, ...expected], lost.map((each) => expect.stringMatching(each))]);
  }); // biome-ignore format: a table

  test('what an item configures is said by the request, and the item is gone', () => {
    const update = { type: 'configuration_update', reasoning: { effort: 'low' }, text: { verbosity: 'low' } };
    expect(native({ input: [hi, update] })?.body).toEqual({
      input: [hi],
      reasoning: { effort: 'low' },
      text: { verbosity: 'low' },
    });
  });

  test('what is no part is for the model to refuse', () => {
    const input = [{ ...hi, content: ['a'] }];
    const asked = { ...readParameters({ model: 'm', input: 'Hi' }, false), input };
    expect(nativeRequest({ input }, asked, { stateKey, fetched: new Map() })?.body.input).toEqual(input);
  });
});

describe('images and files by URL are put in', () => {
  const part = (given: object, fetched: Record<string, FetchedMedia> = {}) => {
    const input = native({ input: [{ role: 'user', content: [given] }] }, fetched)?.body.input;
    return (input as { content: unknown[] }[])[0]?.content[0];
  };
  const png = { mediaType: 'image/png', bytes: 'iVBORw0KGgo=' };
  const pdf = { mediaType: 'application/pdf', bytes: 'JVBERg==' };
  const at = 'https://example.com';

  test.each<[string, object, Record<string, FetchedMedia>, object]>([
    ['an image', { type: 'input_image', image_url: `${at}/a` }, { [`${at}/a`]: png }, { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }],
    ['an image as Chat Completions has it', { type: 'input_image', image_url: { url: `${at}/a` } }, { [`${at}/a`]: png }, { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }],
    ['an image whose type only its name tells', { type: 'input_image', image_url: `${at}/a.jpg` }, { [`${at}/a.jpg`]: { mediaType: '', bytes: 'AAEC' } }, { type: 'input_image', image_url: 'data:image/jpeg;base64,AAEC' }],
    ['a file', { type: 'input_file', file_url: `${at}/a` }, { [`${at}/a`]: pdf }, { type: 'input_file', filename: 'document', file_data: 'data:application/pdf;base64,JVBERg==' }],
    ['a file that has a name', { type: 'input_file', file_url: `${at}/a`, filename: 'b.pdf' }, { [`${at}/a`]: pdf }, { type: 'input_file', filename: 'b.pdf', file_data: 'data:application/pdf;base64,JVBERg==' }],
    ['a file whose type only its name tells', { type: 'input_file', file_url: `${at}/a.pdf` }, { [`${at}/a.pdf`]: { ...pdf, mediaType: '' } }, { type: 'input_file', filename: 'document', file_data: 'data:application/pdf;base64,JVBERg==' }],
    ['no file in S3', { type: 'input_file', file_url: 's3://bucket/a.pdf' }, {}, { type: 'input_file', file_url: 's3://bucket/a.pdf' }],
  ])('%s', (_, given, fetched, expected) => {
    expect(part(given, fetched)).toEqual(expected);
  }); // biome-ignore format: a table

  test('in the output of a call too', () => {
    const output = [{ type: 'input_image', image_url: `${at}/a` }];
    const input = [{ type: 'function_call_output', call_id: 'call_1', output }];
    expect(native({ input }, { [`${at}/a`]: png })?.body.input).toEqual([
      { ...input[0], output: [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }] },
    ]);
  });
});
