import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireBytes } from '../../../lambda/bedrock/operations.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Lone surrogates among them.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('é'.repeat(3000), '字'.repeat(3000), '🙂'.repeat(3000), 'plain '.repeat(500)),
);
const message = fc.record({ role: fc.constant('user'), content: fc.array(fc.record({ text })) });
const body = fc.record(
  { messages: fc.array(message), system: fc.array(fc.record({ text })), other: fc.dictionary(text, text) },
  { requiredKeys: [] },
);

test('the body is what JSON.stringify makes of it, with the messages first', () => {
  fc.assert(
    fc.property(body, ({ messages, ...rest }) => {
      const whole = messages === undefined ? rest : { messages, ...rest };
      expect(wireBytes({ ...rest, ...(messages && { messages }) }).toString()).toBe(JSON.stringify(whole));
    }),
  );
});
