import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundationModels } from '../../local/simulator/models/foundation-models.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Whichever model words the refusal of a text that is too long: one code, and the text in the client's spelling. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const long = 'word '.repeat(8000);
/** Takes anything, or more than is worth sending here. */
const patient = /marengo-embed-2|embed-v4/;
const models = foundationModels
  .filter(({ id, output, lifecycle }) => output === 'E' && lifecycle !== 'ended' && !patient.test(id))
  .map(({ id }) => id);

async function refusal(model: string, input: unknown) {
  const response = await stack.post('/embeddings', { model, input });
  const { error } = (await response.json()) as { error: Record<string, string> };
  return { status: response.status, ...error };
}

describe.each(models)('%s', (model) => {
  test.each([
    ['one text', long, 'input'],
    ['a list of one', [long], 'input[0]'],
    ['the second of a list', ['short', long, 'short'], 'input[1]'],
    ['one of a second call', [...Array.from({ length: 100 }, (_, i) => `text ${i}`), long], 'input[100]'],
  ])('%s', async (_, input, param) => {
    const error = await refusal(model, input);
    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded', param });
    expect(error).toMatchObject({
      message: expect.stringMatching(/^This model's maximum context length is \d+ (tokens|characters) /),
    });
    expect(error).toMatchObject({ message: expect.stringContaining(`\`${param}\` has `) });
  });
});

test('several that are too long: the first is named', async () => {
  expect(await refusal('cohere.embed-english-v3', ['short', long, long])).toMatchObject({
    code: 'context_length_exceeded',
    param: 'input[1]',
  });
});
