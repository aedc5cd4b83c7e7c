import { describe, expect, test } from 'vitest';
import { parameters as batches } from '../../../lambda/apis/batches/parameters.ts';
import { createSchema } from '../../../lambda/apis/batches/schema.ts';
import { parameters as chat } from '../../../lambda/apis/chat-completions/parameters.ts';
import { chatSchema } from '../../../lambda/apis/chat-completions/schema.ts';
import { parameters as completions } from '../../../lambda/apis/completions/parameters.ts';
import { completionsSchema } from '../../../lambda/apis/completions/schema.ts';
import { parameters as embeddings } from '../../../lambda/apis/embeddings/parameters.ts';
import { embeddingsSchema } from '../../../lambda/apis/embeddings/schema.ts';
import { parameters as images } from '../../../lambda/apis/images/parameters.ts';
import { imagesSchema } from '../../../lambda/apis/images/schema.ts';
import { parameters as messages } from '../../../lambda/apis/messages/parameters.ts';
import { messagesSchema } from '../../../lambda/apis/messages/schema.ts';
import { parameters as moderations } from '../../../lambda/apis/moderations/parameters.ts';
import { moderationsSchema } from '../../../lambda/apis/moderations/schema.ts';
import { parameters as rerank } from '../../../lambda/apis/rerank/parameters.ts';
import { rerankSchema } from '../../../lambda/apis/rerank/schema.ts';
import { parameters as responses } from '../../../lambda/apis/responses/parameters.ts';
import { responsesSchema } from '../../../lambda/apis/responses/schema.ts';
import { ignored, ignoredParameters, used } from '../../../lambda/apis/shared/parameters.ts';

/** `extra_body` is unwrapped before the rest is looked at. */
const tables = [
  { api: 'batches', table: batches, read: Object.keys(createSchema.entries) },
  { api: 'chat', table: chat, read: [...Object.keys(chatSchema.entries), 'extra_body'] },
  { api: 'completions', table: completions, read: Object.keys(completionsSchema.entries) },
  { api: 'embeddings', table: embeddings, read: Object.keys(embeddingsSchema.entries) },
  // An edit's images are read apart from the schema.
  { api: 'images', table: images, read: [...Object.keys(imagesSchema.entries), 'image', 'images', 'mask'] },
  { api: 'messages', table: messages, read: Object.keys(messagesSchema.entries) },
  { api: 'moderations', table: moderations, read: Object.keys(moderationsSchema.entries) },
  { api: 'rerank', table: rerank, read: Object.keys(rerankSchema.entries) },
  { api: 'responses', table: responses, read: Object.keys(responsesSchema.entries) },
];

describe.each(tables)('the parameters of $api', ({ table, read }) => {
  test('those with an effect are those that the schema reads', () => {
    const effective = Object.keys(table).filter((name) => table[name]?.effect !== 'ignored');
    expect(effective.sort()).toEqual(read.sort());
  });
});

test.each([chat, embeddings])('user has no effect in OpenAI’s APIs, and is named', (table) => {
  expect(ignoredParameters({ user: 'u' }, table, true)).toEqual(['user']);
});

test('what is passed on although no model on Bedrock has it is not called used', () => {
  const without = ['frequency_penalty', 'presence_penalty', 'logit_bias', 'seed'];
  expect(without.map((name) => chat[name]?.effect)).toEqual(without.map(() => 'byModel'));
  expect(
    Object.values(chat).filter(({ effect, note }) => effect === 'used' && /ignored/i.test(`${note}`)),
  ).toEqual(
    // Its tools are used; hosted ones, which are no functions, are not.
    [chat.tools],
  );
});

describe('what is named as ignored', () => {
  const table = { a: used('A.'), b: ignored('B.', [0]) };

  test('what the table does not know, and what it says is ignored, unless it asks for nothing', () => {
    expect(ignoredParameters({ a: 1, b: 1, c: 1 }, table, false)).toEqual(['b', 'c']);
    expect(ignoredParameters({ b: 0, c: null, d: undefined }, table, true)).toEqual([]);
  });

  test('the members of every object are unknown parameters', () => {
    const body = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}');
    expect(ignoredParameters(body, table, false)).toEqual(['__proto__', 'constructor', 'toString']);
  });

  test('strict: an unknown one is refused by its name', () => {
    expect(() => ignoredParameters({ b: 1, colour: 1 }, table, true)).toThrow(
      expect.objectContaining({ status: 400, code: 'unknown_parameter', param: 'colour' }),
    );
  });
});
