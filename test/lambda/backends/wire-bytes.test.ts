import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireBytes } from '../../../lambda/bedrock/operations.ts';
import { wellFormedJson } from '../../../lambda/canonical/well-formed.ts';
import { wellFormed } from '../../support/code-units.ts';

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

test('the body is what JSON.stringify makes of it, in well-formed text, with the messages first', () => {
  fc.assert(
    fc.property(body, ({ messages, ...rest }) => {
      const whole = messages === undefined ? rest : { messages, ...rest };
      const bytes = wireBytes({ ...rest, ...(messages && { messages }) }).toString();
      expect(bytes).toBe(wellFormedJson(whole));
      expect(JSON.parse(bytes)).toEqual(wellFormed(whole));
    }),
  );
});
