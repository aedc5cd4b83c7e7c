import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tokenizer } from '../../../lambda/canonical/input-tokens/counting.ts';
import { estimateInputTokens } from '../../../lambda/canonical/input-tokens/estimate.ts';
import { imageSize } from '../../../lambda/canonical/input-tokens/image-size.ts';
import { familyOf } from '../../../lambda/models/families/capabilities-of.ts';
import { familyOf as simulatedFamily } from '../../../local/simulator/models/families.ts';
import { foundationModels } from '../../../local/simulator/models/foundation-models.ts';
import { goldenCases } from '../../support/golden.ts';

interface Case {
  note: string;
  /** The project whose recording of Bedrock it is. */
  source: string;
  tokenizer: Tokenizer;
  /** Bedrock's own count. */
  counted: number;
  expected: number;
  request: object;
}

describe('recorded requests', () => {
  const cases = goldenCases<Case>('canonical');

  test.each(cases)('$name', ({ case: { request, tokenizer, expected } }) => {
    expect(estimateInputTokens(request, tokenizer)).toBe(expected);
  });

  /** A few tokens more or less are nothing to whoever asks; what is too low lets a conversation outgrow its model. */
  test.each(cases)(
    '$name: not too low, and not by far too high',
    ({ case: { request, tokenizer, counted } }) => {
      const estimate = estimateInputTokens(request, tokenizer);
      expect(estimate).toBeGreaterThanOrEqual(counted * 0.95 - 2);
      expect(estimate).toBeLessThanOrEqual(counted * 1.3 + 200);
    },
  );
});

const ask = (content: unknown, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });
const words = (count: number) => 'word '.repeat(count);

describe('both shapes', () => {
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  test.each<[string, object, object]>([
    ['text', { type: 'text', text: words(20) }, { text: words(20) }],
    [
      'a call',
      { type: 'tool_use', id: 'a', name: 'find', input: { what: words(9) } },
      { toolUse: { toolUseId: 'a', name: 'find', input: { what: words(9) } } },
    ],
    [
      'a result',
      { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: words(9) }] },
      { toolResult: { toolUseId: 'a', content: [{ text: words(9) }] } },
    ],
    [
      'thinking',
      { type: 'thinking', thinking: words(9), signature: 'abcd' },
      { reasoningContent: { reasoningText: { text: words(9), signature: 'abcd' } } },
    ],
    [
      'thinking that is not shown',
      { type: 'thinking', thinking: '', signature: 'abcd'.repeat(99) },
      { reasoningContent: { redactedContent: 'abcd'.repeat(99) } },
    ],
    [
      'an image',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
      { image: { format: 'png', source: { bytes: pixel } } },
    ],
    [
      'a file',
      {
        type: 'document',
        title: 'T',
        source: { type: 'base64', media_type: 'application/pdf', data: pixel },
      },
      { document: { title: 'T', format: 'pdf', source: { bytes: pixel } } },
    ],
    [
      'a document of text',
      { type: 'document', source: { type: 'text', data: words(30) }, citations: { enabled: true } },
      { document: { format: 'txt', source: { text: words(30) }, citations: { enabled: true } } },
    ],
  ])('%s is the same in both', (_, messages, converse) => {
    const estimate = estimateInputTokens(ask([messages]));
    expect(estimate).toBe(estimateInputTokens(ask([converse])));
    expect(estimate).toBeGreaterThan(estimateInputTokens(ask([])));
  });
});

describe('what is read and what is not', () => {
  const tool = (name: string, more: object = {}) => ({
    name,
    description: words(50),
    input_schema: {},
    ...more,
  });
  const of = (content: unknown, more: object = {}) => estimateInputTokens(ask(content, more), 'claude-4');

  test('a deferred tool counts once a result has loaded it', () => {
    const tools = [tool('a'), tool('b', { defer_loading: true })];
    const loaded = [
      { type: 'tool_result', tool_use_id: 'x', content: [{ type: 'tool_reference', tool_name: 'b' }] },
    ];
    expect(of('x', { tools })).toBe(of('x', { tools: [tool('a')] }));
    expect(of(loaded, { tools })).toBeGreaterThan(of(loaded, { tools: [tool('a')] }) + 50);
  });

  test('marks, ids and signatures do not count', () => {
    const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(of([marked])).toBe(of('x'));
    expect(of([{ text: 'x' }, { cachePoint: { type: 'default' } }])).toBe(of('x'));
  });

  test('an empty list of tools is none', () => expect(of('x', { tools: [] })).toBe(of('x')));

  test('options that make the prompt longer', () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    expect(of('x', { thinking })).toBeGreaterThan(of('x', { thinking: { type: 'disabled' } }));
    expect(of('x', { output_config: { format: { type: 'json_schema', schema: {} } } })).toBeGreaterThan(
      of('x') + 100,
    );
    expect(of('x', { tools: [tool('a')], tool_choice: { type: 'any' } })).toBeGreaterThan(
      of('x', { tools: [tool('a')] }),
    );
  });
});

describe('whatever it is', () => {
  test('a request of any JSON has an estimate', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (system, messages, tools) => {
        const estimate = estimateInputTokens({ system, messages, tools });
        expect(Number.isInteger(estimate) && estimate > 0).toBe(true);
      }),
    );
  });

  test('more text is never less', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
        expect(estimateInputTokens(ask(`${one}${two}`))).toBeGreaterThanOrEqual(
          estimateInputTokens(ask(one)),
        );
      }),
    );
  });

  test.each<[string, string | undefined]>([
    ['iVBORw0KGgoAAAANSUhEUgAABQAAAAPACAYAAAA=', '1280x960'],
    [`R0lGODlhAQACAIAAAAAAAP${'/'.repeat(20)}`, '1x2'],
    ['/9j/4AAQSkZJRgABAQEASABIAAD/wAARCAACAAMDASIAAhEBAxEB', '3x2'],
    ['/9j/4AAQSkZJRgABAQEASABIAAD', undefined],
    ['UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD', undefined],
    ['', undefined],
  ])('the size of an image: %s', (base64, expected) => {
    const size = imageSize(base64);
    expect(size && `${size.width}x${size.height}`).toBe(expected);
  });
});

test('which models Bedrock counts for, as the simulator has it', () => {
  const chat = foundationModels.filter(({ id }) => familyOf(id).capabilities.family !== 'unknown');
  const wrong = chat.filter(
    ({ id }) => (familyOf(id).capabilities.countsTokens ?? false) !== simulatedFamily(id).countsTokens,
  );
  expect(wrong.map(({ id }) => id)).toEqual([]);
  expect(chat.length).toBeGreaterThan(50);
});
