import fc from 'fast-check';

/** Texts as JSON can bring them: any UTF-16 code units, halves of surrogate pairs in every neighbourhood among them. */
export const codeUnits: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.constantFrom(...[...'\\"ud8{}[]a '].map((char) => char.charCodeAt(0))),
    ),
    { maxLength: 20 },
  )
  .map((units) => String.fromCharCode(...units));

/** A JSON value with U+FFFD for each half, in strings and in names of members. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  );
}
