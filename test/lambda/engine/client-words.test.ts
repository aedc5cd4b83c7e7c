import { describe, expect, test } from 'vitest';
import type { CanonicalRequest } from '../../../lambda/canonical/request.ts';
import { clientTexts, mayQuote } from '../../../lambda/engine/client-words.ts';

const request: CanonicalRequest = {
  model: 'the model',
  converse: {
    system: [{ text: 'instruction' }],
    messages: [
      { role: 'user', content: [{ text: 'said' }, { document: { name: 'file', source: { text: 'page' } } }] },
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 'id', name: 'called', input: { argument: ['value'] } } }],
      },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'id', content: [{ json: { found: { deep: 'result' } } }] } }],
      },
    ],
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'tool',
            inputSchema: { json: { properties: { property: { enum: ['choice'] } } } },
          },
        },
      ],
    },
    inferenceConfig: { temperature: 1, stopSequences: ['halt'] },
    additionalModelRequestFields: { extra: { inner: 'field' } },
    requestMetadata: { label: 'team' },
  },
  intent: {
    outputFormat: { type: 'json_schema', name: 'shape', schema: { properties: { member: {} } } },
    reasoning: { thinking: { type: 'enabled', unheard: 1 } },
    anthropicBeta: ['beta'],
  },
};

test('every text that a client chose, names included where names are free', () => {
  const texts = clientTexts(request);
  for (const text of [
    ...['the model', 'instruction', 'said', 'file', 'page', 'id', 'called', 'argument', 'value', 'found'],
    ...['deep', 'result', 'tool', 'property', 'choice', 'halt', 'extra', 'inner', 'field', 'label', 'team'],
    ...['shape', 'member', 'enabled', 'unheard', 'beta'],
  ]) {
    expect(texts).toContain(text);
  }
});

test('not the words of the canonical shape', () => {
  const texts = clientTexts(request);
  for (const word of ['user', 'assistant', 'temperature', 'system', 'messages', 'toolConfig']) {
    expect(texts).not.toContain(word);
  }
});

describe('a quotation', () => {
  const said = "This model doesn't support the stopSequences field";
  test.each([
    ['the whole', said],
    ['in a longer text', `I read: "${said}." What now?`],
    ['with other punctuation', "this-model_doesn't 'support' the.stopSequences/field"],
    ['of one word', 'stopSequences'],
    ['of two words', 'the stopSequences'],
    ['cut off at its end', `${said} and so on for a long while`.repeat(50)],
  ])('%s', (_, text) => {
    expect(mayQuote(said, ['Hello', text])).toBe(true);
  });

  test.each([
    ['a part of a word', 'Sequence'],
    ['two words that stand apart', 'model field'],
    ['words of its own', 'Please support my team in the field of law'],
    ['nothing', ''],
    ['punctuation', '...'],
    ['a file', Buffer.alloc(100_000, 7).toString('base64')],
  ])('is not: %s', (_, text) => {
    expect(mayQuote(said, [text])).toBe(false);
  });

  test('is taken for granted where there is too much to compare', () => {
    expect(mayQuote(said, ['a word '.repeat(200_000)])).toBe(true);
  });
});
