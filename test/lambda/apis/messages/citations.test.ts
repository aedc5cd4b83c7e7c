import { describe, expect, test } from 'vitest';
import { citationOf } from '../../../../lambda/apis/messages/citations.ts';
import type { Citation, JsonObject } from '../../../../lambda/canonical/types.ts';

/** https://docs.anthropic.com/en/docs/build-with-claude/citations */
describe('a citation in Anthropic’s form', () => {
  const cited = {
    title: 'Title',
    source: 'https://a.example',
    sourceContent: [{ text: 'one ' }, { text: 'two' }],
  };

  test.each<[place: string, location: JsonObject, type: string, members: JsonObject]>([
    [
      'documentChar',
      { documentIndex: 1, start: 2, end: 3 },
      'char_location',
      { document_index: 1, document_title: 'Title', start_char_index: 2, end_char_index: 3 },
    ],
    [
      'documentPage',
      { documentIndex: 1, start: 2, end: 3 },
      'page_location',
      { document_index: 1, document_title: 'Title', start_page_number: 2, end_page_number: 3 },
    ],
    [
      'documentChunk',
      { documentIndex: 1, start: 2, end: 3 },
      'content_block_location',
      { document_index: 1, document_title: 'Title', start_block_index: 2, end_block_index: 3 },
    ],
    [
      'searchResultLocation',
      { searchResultIndex: 1, start: 2, end: 3 },
      'search_result_location',
      {
        search_result_index: 1,
        source: 'https://a.example',
        title: 'Title',
        start_block_index: 2,
        end_block_index: 3,
      },
    ],
  ])('%s', (place, location, type, members) => {
    const citation = citationOf({ ...cited, location: { [place]: location } });
    expect(citation).toEqual({ type, cited_text: 'one two', ...members });
  });

  test.each<[place: string, members: JsonObject]>([
    [
      'documentChar',
      {
        type: 'char_location',
        document_index: 0,
        document_title: null,
        start_char_index: 0,
        end_char_index: 0,
      },
    ],
    [
      'searchResultLocation',
      {
        type: 'search_result_location',
        search_result_index: 0,
        source: '',
        title: null,
        start_block_index: 0,
        end_block_index: 0,
      },
    ],
  ])('%s of which Bedrock says no more has every member that clients demand', (place, members) => {
    const expected = { cited_text: '', ...members };
    expect(citationOf({ location: { [place]: {} } })).toEqual(expected);
    expect(citationOf({ location: { [place]: {} }, sourceContent: [{}] })).toEqual(expected);
  });

  test.each<[what: string, citation: Citation]>([
    ['a web page', { ...cited, location: { web: { url: 'https://a.example' } } }],
    ['a place of no kind', cited],
    ['a place that is no object', { ...cited, location: { documentChar: 'a', searchResultLocation: null } }],
  ])('there is none of %s', (_, citation) => expect(citationOf(citation)).toBeUndefined());
});
