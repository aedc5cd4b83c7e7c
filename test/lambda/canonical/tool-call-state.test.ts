import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveStateKey, openToolCallId, sealToolCallId } from '../../../lambda/canonical/tool-call-state.ts';
import type { ReasoningBlock } from '../../../lambda/canonical/types.ts';

const key = deriveStateKey('a secret');
const id = 'tooluse_AAAAAAAAAAAAAAAAAAAAAA';
const signed = (text: string, signature = 'c2lnbmF0dXJl'): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const sealed = sealToolCallId(id, [signed('because')], key);

describe('the state in a tool call id', () => {
  it('comes back whole, whatever the reasoning and the id', () => {
    const blocks = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }).map((text) => signed(text)),
        fc.base64String().map((redactedContent) => ({ reasoningContent: { redactedContent } })),
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,64}$/), blocks, (toolUseId, state) => {
        expect(openToolCallId(sealToolCallId(toolUseId, state, key), key)).toEqual({ toolUseId, state });
      }),
    );
  });

  it('leaves any id without state as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z_]+\.[A-Za-z0-9_-]{30,99}$/)), (foreign) => {
        expect(openToolCallId(foreign, key)).toEqual({ toolUseId: foreign });
      }),
    );
    expect(sealToolCallId(id, [], key)).toBe(id);
  });

  it('is the same for the same call, and shows nothing of the reasoning', () => {
    expect(sealToolCallId(id, [signed('because')], key)).toBe(sealed);
    expect(sealed).toMatch(/^tooluse_A{22}\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.slice(31), 'base64url').toString('latin1')).not.toContain('because');
  });

  it('is refused when changed, moved to another call, or sealed with another secret', () => {
    const flip = (at: number) =>
      sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const at of [0, 9, id.length + 1, id.length + 20, sealed.length - 5]) {
      expect(openToolCallId(flip(at), key)).toEqual({ toolUseId: flip(at) });
    }
    expect(openToolCallId(sealed.slice(0, -8), key).state).toBeUndefined();
    expect(openToolCallId(sealed, deriveStateKey('another')).state).toBeUndefined();
  });

  it('stays away when it would make the id longer than 8 kB', () => {
    const large = randomBytes(6000).toString('base64');
    expect(sealToolCallId(id, [signed('', large)], key).length).toBeLessThanOrEqual(8192);
    expect(
      sealToolCallId(id, [signed('', large), signed('', randomBytes(3000).toString('base64'))], key),
    ).toBe(id);
    expect(sealToolCallId(id, [signed('x'.repeat(2 << 20))], key)).toBe(id);
    expect(openToolCallId(`x.${'A'.repeat(9000)}`, key).state).toBeUndefined();
  });
});
