import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type IdKind, idOf, openId, ownerOf } from '../../../../lambda/apis/batching/ids.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { newStem, stemPattern, timeOf } from '../../../../lambda/batches/keys.ts';

const kinds: readonly IdKind[] = ['file', 'output', 'errors', 'batch', 'message-batch'];
const stems = fc
  .tuple(fc.integer({ min: 0, max: 4e12 }), fc.uint8Array({ minLength: 8, maxLength: 8 }))
  .map(([at, chance]) => newStem(at, chance));
const secrets = fc.string({ minLength: 1, maxLength: 20 });

describe('ids', () => {
  test('open with the key that sealed them, as what they were sealed for, and with no other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), stems, secrets, secrets, (kind, stem, one, other) => {
        const key = deriveStateKey(one);
        const id = idOf(kind, stem, key);
        expect(idOf(kind, stem, key)).toBe(id);
        expect(openId(id, [kind], key)).toEqual({ kind, stem });
        expect(
          openId(
            id,
            kinds.filter((each) => each !== kind),
            key,
          ),
        ).toBeUndefined();
        if (one !== other) expect(openId(id, kinds, deriveStateKey(other))).toBeUndefined();
        expect(id.length).toBeLessThanOrEqual(70);
      }),
    );
  });

  test('with any change are none', () => {
    const key = deriveStateKey('a key');
    const id = idOf('batch', newStem(1.7e12, new Uint8Array(8)), key);
    fc.assert(
      fc.property(fc.nat(id.length - 1), fc.string({ maxLength: 2 }), (at, piece) => {
        const changed = id.slice(0, at) + piece + id.slice(at + 1);
        if (changed !== id) expect(openId(changed, kinds, key)).toBeUndefined();
      }),
    );
  });

  test('of no form are none, however long', () => {
    const key = deriveStateKey('a key');
    for (const id of ['', 'file-', 'batch_', `file-${'A'.repeat(1e6)}`, 'constructor'])
      expect(openId(id, kinds, key)).toBeUndefined();
  });
});

test('a folder is the same for a key, another for each, and no word of it', () => {
  const [one, other] = ['sk-one', 'sk-other'].map((secret) => ownerOf(deriveStateKey(secret)));
  expect(one).toMatch(/^[\w-]{38}$/);
  expect(one).not.toBe(other);
  expect(ownerOf(deriveStateKey('sk-one'))).toBe(one);
});

test('later names come first in a list, and say when they were made', () => {
  fc.assert(
    fc.property(stems, stems, (one, other) => {
      expect(one).toMatch(stemPattern);
      if (timeOf(one) > timeOf(other)) expect(one < other).toBe(true);
    }),
  );
});
