import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLine } from '../../../../lambda/apis/batches/line.ts';
import { statuses as openAi } from '../../../../lambda/apis/batches/render.ts';
import { jobStatuses } from '../../../../lambda/bedrock/invocation-jobs.ts';
import { GatewayError } from '../../../../lambda/errors.ts';

const endpoint = '/v1/chat/completions';
const line = { custom_id: 'a', method: 'POST', url: endpoint, body: { model: 'm' } };

describe('a line', () => {
  test('has a name and a body', () => {
    expect(readLine(JSON.stringify(line), endpoint)).toEqual({ customId: 'a', body: { model: 'm' } });
  });

  test('of any other kind is a 400 that names what is wrong, and repeats no long text of the client’s', () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom('POST', endpoint, 'a'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(line), 'more'), values), (given) => {
        const text = JSON.stringify(given);
        try {
          expect(readLine(text, endpoint).customId).toBe(given.custom_id);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect((error as GatewayError).status).toBe(400);
          expect((error as GatewayError).message.length).toBeLessThan(200);
        }
      }),
    );
  });

  test.each(['', '{', 'null', '[]', '"a"', `${'['.repeat(5000)}${']'.repeat(5000)}`])(
    '%.10s is none',
    (text) => {
      expect(() => readLine(text, endpoint)).toThrow(GatewayError);
    },
  );

  test('may not have a name that would make a slow key', () => {
    expect(() => readLine(JSON.stringify({ ...line, custom_id: 'x'.repeat(513) }), endpoint)).toThrow(
      /at most 512/,
    );
  });
});

test('every state of a job is one of OpenAI’s', () => {
  const known = [
    'validating',
    'failed',
    'in_progress',
    'finalizing',
    'completed',
    'expired',
    'cancelling',
    'cancelled',
  ];
  for (const status of jobStatuses) expect(known).toContain(openAi[status]);
});
