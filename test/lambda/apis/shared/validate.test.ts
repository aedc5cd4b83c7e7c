import { describe, expect, test } from 'vitest';
import { createSchema } from '../../../../lambda/apis/batches/schema.ts';
import { chatSchema } from '../../../../lambda/apis/chat-completions/schema.ts';
import { completionsSchema } from '../../../../lambda/apis/completions/schema.ts';
import { embeddingsSchema } from '../../../../lambda/apis/embeddings/schema.ts';
import { imagesSchema } from '../../../../lambda/apis/images/schema.ts';
import { messagesSchema } from '../../../../lambda/apis/messages/schema.ts';
import { moderationsSchema } from '../../../../lambda/apis/moderations/schema.ts';
import { rerankSchema } from '../../../../lambda/apis/rerank/schema.ts';
import { responsesSchema } from '../../../../lambda/apis/responses/schema.ts';
import { kindOf, notAllowed } from '../../../../lambda/apis/shared/json.ts';
import { validate } from '../../../../lambda/apis/shared/validate.ts';

/** What a parameter may be given as, by mistake. */
const values = [0, -1, 1.5, 1e12, '', 'x', ' ', true, false, {}, { a: 5 }, [], [5], [''], [null], [{}]];

function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('what is wrong with a parameter is said in words', () => {
  const schemas = {
    createSchema,
    chatSchema,
    completionsSchema,
    embeddingsSchema,
    imagesSchema,
    messagesSchema,
    moderationsSchema,
    rerankSchema,
    responsesSchema,
  };
  test.each(Object.entries(schemas))('%s', (_, schema) => {
    const names = Object.keys(schema.entries);
    const said = names.flatMap((name) =>
      values.flatMap((value) => refusal(() => validate(schema.entries[name as never], value)) ?? []),
    );
    expect(said.length).toBeGreaterThan(names.length);
    // No sign of Valibot's, no gap where something was to be named, no word of JavaScript's.
    const odd = said.filter((text) => /type [,.]|type $|![0-9]|[<>]=|undefined|NaN/.test(text));
    expect(odd).toEqual([]);
  });

  test('a number that is not whole', () => {
    expect(refusal(() => validate(rerankSchema, { model: 'm', query: 'q', documents: [], top_n: 1.5 }))).toBe(
      "Invalid value for 'top_n': expected a whole number, but got 1.5.",
    );
    expect(refusal(() => validate(embeddingsSchema, { model: '' }))).toBe(
      "Invalid value for 'model': it must not be empty, but got a string.",
    );
  });

  test('what is not there', () => {
    expect(kindOf(undefined)).toBe('nothing');
    expect(notAllowed(undefined, 'input[0].type', ['text']).message).toBe(
      "Invalid value for 'input[0].type': missing. Allowed: text.",
    );
  });
});
