import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openToolCallId, sealToolCallId } from '../../../../lambda/apis/reasoning/sealed-id.ts';
import {
  openCallId,
  openReasoning,
  openText,
  sealCallId,
  sealReasoning,
  sealText,
} from '../../../../lambda/apis/responses/sealed.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { ByteBudget, bounds } from '../../../../lambda/bounds.ts';
import type { ReasoningBlock } from '../../../../lambda/canonical/types.ts';

const key = deriveStateKey('sealed');
const budget = () => new ByteBudget();
const thought = (text: string, signature?: string): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } },
});
const redacted: ReasoningBlock = { reasoningContent: { redactedContent: 'cmVk' } };

describe('sealed reasoning', () => {
  test('opens as it was, with its model', () => {
    const blocks = [thought('é', 'c2ln'), redacted, thought('open')];
    const sealed = sealReasoning(blocks, 'us.claude', key);
    expect(sealed).toMatch(/^gw1\.[\w-]+$/);
    expect(openReasoning(sealed!, key, budget())).toEqual({ model: 'us.claude', blocks });
  });

  test('is null where it is too large to come back', () => {
    expect(sealReasoning([thought('x'.repeat(bounds.stateBytes))], 'm', key)).toBeNull();
  });

  test('does not open changed, with another key, for another purpose, or when somebody else wrote it', () => {
    const sealed = sealReasoning([thought('a', 'c2ln')], 'm', key)!;
    const at = fc.integer({ min: 0, max: sealed.length - 1 });
    fc.assert(
      fc.property(at, fc.constantFrom('A', 'B'), (place, letter) => {
        fc.pre(sealed[place] !== letter);
        const changed = sealed.slice(0, place) + letter + sealed.slice(place + 1);
        // The last characters may hold bits that stand for nothing.
        const opened = openReasoning(changed, key, budget());
        if (opened) expect(opened.blocks).toEqual([thought('a', 'c2ln')]);
        else expect(opened).toBeUndefined();
      }),
    );
    expect(openReasoning(sealed, deriveStateKey('other'), budget())).toBeUndefined();
    expect(openText(sealed, key, budget())).toBeUndefined();
    expect(openReasoning(sealText('a', key), key, budget())).toBeUndefined();
    expect(openReasoning('gAAAAABfoo', key, budget())).toBeUndefined();
    expect(openReasoning('gw1.', key, budget())).toBeUndefined();
  });

  test('counts what it unpacks', () => {
    const sealed = sealReasoning([thought('x'.repeat(200_000), 'c2ln')], 'm', key)!;
    const small = new ByteBudget(1, 100_000);
    expect(() => openReasoning(sealed, key, small)).toThrow('too large');
  });
});

describe('a sealed summary', () => {
  test('opens as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openText(sealText(text, key), key, budget())).toBe(text);
      }),
    );
  });
});

describe('a call id', () => {
  const items = [
    { id: 'rs_1', block: thought('Hm.', 'c2ln') },
    { id: 'msg_2', block: { text: 'Let me see.' } },
  ];

  test('carries reasoning and text with their ids, in order', () => {
    const id = sealCallId('tooluse_1', items, 'm', key);
    expect(id).toMatch(/^call_gw1_[\w-]+$/);
    expect(openCallId(id, key, budget())).toEqual({ toolUseId: 'tooluse_1', model: 'm', items });
  });

  test('is the model’s own where nothing is to be carried', () => {
    expect(sealCallId('tooluse_1', [], 'm', key)).toBe('tooluse_1');
    expect(sealCallId('tooluse_1', [{ id: 'rs_1', block: thought('unsigned') }], 'm', key)).toBe('tooluse_1');
    expect(openCallId('tooluse_1', key, budget())).toEqual({ toolUseId: 'tooluse_1', items: [] });
  });

  test('gives up the text first, then the text of the reasoning, then all', () => {
    const random = (length: number) =>
      Array.from({ length }, (_, i) => ((i * 7919) % 65521).toString(36)).join('');
    const long = { id: 'msg_3', block: { text: random(4000) } };
    const carried = (list: Parameters<typeof sealCallId>[1]) =>
      openCallId(sealCallId('tooluse_1', list, 'm', key), key, budget()).items;
    expect(carried([...items, long])).toEqual([items[0]]);
    const deep = { id: 'rs_1', block: thought(random(4000), 'c2ln') };
    expect(carried([deep])).toEqual([{ id: 'rs_1', block: thought('', 'c2ln') }]);
    expect(carried([{ id: 'rs_1', block: thought('', random(4000)) }])).toEqual([]);
  });

  test('opens where Chat Completions sealed it, and there, without the text', () => {
    const chat = sealToolCallId('tooluse_1', [thought('Hm.', 'c2ln')], key);
    const { items: opened } = openCallId(chat, key, budget());
    expect(opened).toEqual([{ block: thought('Hm.', 'c2ln') }]);
    const here = sealCallId('tooluse_1', items, 'm', key);
    expect(openToolCallId(here, key, budget())).toEqual({
      toolUseId: 'tooluse_1',
      state: [thought('Hm.', 'c2ln')],
    });
  });

  test('that was changed is known as lost', () => {
    const id = sealCallId('tooluse_1', items, 'm', key);
    expect(openCallId(`${id.slice(0, 20)}x${id.slice(21)}`, key, budget())).toMatchObject({
      lost: true,
      items: [],
    });
  });
});
