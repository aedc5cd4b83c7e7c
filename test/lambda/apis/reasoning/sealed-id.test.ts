import { createCipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openResultId,
  openToolCallId as openWith,
  sealToolCallId,
} from '../../../../lambda/apis/reasoning/sealed-id.ts';
import { seal } from '../../../../lambda/apis/reasoning/sealed-state.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { ByteBudget, bounds } from '../../../../lambda/bounds.ts';
import type { ReasoningBlock } from '../../../../lambda/canonical/types.ts';

const key = deriveStateKey('a secret');
const id = 'tooluse_AAAAAAAAAAAAAAAAAAAAAA';
const signed = (text: string, signature = 'c2lnbmF0dXJl'): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const sealed = sealToolCallId(id, [signed('because')], key);
const openToolCallId = (given: string, stateKey = key, budget = new ByteBudget()) =>
  openWith(given, stateKey, budget);

/** What the holder of a key can make of it: any content, in the form of now or of before. */
const forge = {
  now: (toolUseId: string, packed: Buffer) => {
    const name = Buffer.from(toolUseId);
    const content = Buffer.concat([Buffer.of(name.length), name, packed]);
    return `call_gw1_${seal(content, key, 'tool call id 1')}`;
  },
  before: (toolUseId: string, packed: Buffer) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), nonce).setAAD(Buffer.from(toolUseId));
    const text = Buffer.concat([nonce, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
    return `${toolUseId}.${text.toString('base64url')}`;
  },
};
const forms = Object.entries(forge);

describe('the state in a tool call id', () => {
  const blocks = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => signed(text)),
      fc.base64String().map((redactedContent) => ({ reasoningContent: { redactedContent } })),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const ids = fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,64}$/);

  it('comes back whole, whatever the reasoning and the id, in characters that every client leaves alone', () => {
    fc.assert(
      fc.property(ids, blocks, (toolUseId, state) => {
        const sent = sealToolCallId(toolUseId, state, key);
        expect(sent).toMatch(/^[A-Za-z0-9_-]+$/);
        const replaced = sent.replace(/[^a-zA-Z0-9_-]/g, '_');
        expect(openToolCallId(replaced)).toEqual({ toolUseId, state });
        expect(openResultId(replaced, key)).toBe(toolUseId);
      }),
    );
  });

  it('cut anywhere, call and result still have one id, and it is known that the reasoning is lost', () => {
    fc.assert(
      fc.property(ids, blocks, fc.integer({ min: 10, max: 90 }), (toolUseId, state, length) => {
        const whole = sealToolCallId(toolUseId, state, key);
        const cut = whole.slice(0, Math.min(length, whole.length - 1));
        expect(openToolCallId(cut)).toEqual({ toolUseId: cut, lost: true });
        expect(openResultId(cut, key)).toBe(cut);
      }),
    );
    const others = Array.from({ length: 50 }, (_, i) => sealToolCallId(`tooluse_${i}`, [signed('x')], key));
    expect(new Set(others.map((other) => other.slice(0, 40))).size).toBe(others.length);
  });

  it('leaves any id without state as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z_]+\.[A-Za-z0-9_-]{30,99}$/)), (foreign) => {
        expect(openToolCallId(foreign)).toEqual({ toolUseId: foreign });
      }),
    );
    expect(sealToolCallId(id, [], key)).toBe(id);
  });

  it('is the same for the same call, and shows nothing of the reasoning', () => {
    expect(sealToolCallId(id, [signed('because')], key)).toBe(sealed);
    expect(Buffer.from(sealed.slice(9), 'base64url').toString('latin1')).not.toMatch(/because|tooluse/);
  });

  it('is refused when changed, or sealed with another secret', () => {
    const flip = (at: number) =>
      sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const at of [9, 15, 30, 60, sealed.length - 5]) {
      expect(openToolCallId(flip(at))).toEqual({ toolUseId: flip(at), lost: true });
    }
    expect(openToolCallId(sealed, deriveStateKey('another')).state).toBeUndefined();
  });

  it('opens the ids of conversations that began before', () => {
    const state = [{ reasoningText: { text: 'because', signature: 's' } }];
    const earlier = forge.before(id, deflateRawSync(JSON.stringify(state)));
    expect(openToolCallId(earlier)).toEqual({ toolUseId: id, state: [signed('because', 's')] });
    expect(openResultId(earlier, key)).toBe(id);
    expect(openToolCallId(`x${earlier}`).state).toBeUndefined();
  });

  it('stays away when it would make the id longer than clients return', () => {
    const large = randomBytes(4000).toString('base64');
    expect(sealToolCallId(id, [signed('', large)], key).length).toBeLessThanOrEqual(8192);
    const larger = [signed('', large), signed('', randomBytes(3000).toString('base64'))];
    expect(sealToolCallId(id, larger, key)).toBe(id);
    expect(sealToolCallId(id, [signed('x'.repeat(bounds.stateBytes))], key)).toBe(id);
    expect(openToolCallId(`x.${'A'.repeat(9000)}`).state).toBeUndefined();
  });

  it('an id of any length becomes one that is short, the same for call and result', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 513, max: 40_000 }),
        fc.constantFrom('c', 'call_gw1_', 'a.'),
        (n, head) => {
          const { toolUseId } = openToolCallId(head.padEnd(n, 'c'));
          expect(toolUseId.length).toBeLessThanOrEqual(bounds.idCharacters);
          expect(openResultId(head.padEnd(n, 'c'), key)).toBe(toolUseId);
          expect(openToolCallId(`${head.padEnd(n, 'c')}d`).toolUseId).not.toBe(toolUseId);
        },
      ),
    );
  });
});

describe.each(forms)('what the holder of a key sealed himself (%s)', (_, forged) => {
  it('is reasoning, or nothing', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ reasoningText: fc.jsonValue(), redactedContent: fc.jsonValue() }),
        ),
      ),
    );
    fc.assert(
      fc.property(odd, (value) => {
        const { toolUseId, state = [] } = openToolCallId(forged('a', deflateRawSync(JSON.stringify(value))));
        expect(toolUseId).toBe('a');
        for (const { reasoningContent } of state) {
          const { reasoningText, redactedContent } = reasoningContent;
          const isText =
            typeof reasoningText?.text === 'string' && typeof reasoningText.signature === 'string';
          expect(isText || typeof redactedContent === 'string').toBe(true);
        }
      }),
    );
  });

  it.each([
    ['no deflated bytes', Buffer.from('not deflated')],
    ['no bytes', Buffer.alloc(0)],
    ['no JSON', deflateRawSync('[')],
    ['null in a list', deflateRawSync('[null]')],
  ])('%s: the call without its reasoning', (_, packed) => {
    const { toolUseId, state = [] } = openToolCallId(forged('a', packed));
    expect({ toolUseId, state }).toEqual({ toolUseId: 'a', state: [] });
  });

  it('unpacks to no more than is bounded: one by itself, and all of a request together', () => {
    const text = (n: number) => deflateRawSync(JSON.stringify([{ redactedContent: 'A'.repeat(n) }]));
    expect(openToolCallId(forged('a', text(bounds.stateBytes))).state).toBeUndefined();
    const budget = new ByteBudget();
    const most = forged('a', text(bounds.stateBytes - 100));
    const openAll = () => {
      for (let i = 0; i < 100; i += 1) openToolCallId(most, key, budget);
    };
    expect(openAll).toThrow(expect.objectContaining({ status: 413, code: 'request_too_large' }));
    const bomb = forged('a', text(4 << 20));
    const openBombs = () => {
      const fresh = new ByteBudget();
      for (let i = 0; i < 100; i += 1) openToolCallId(bomb, key, fresh);
    };
    expect(openBombs).toThrow(expect.objectContaining({ status: 413 }));
  });
});
