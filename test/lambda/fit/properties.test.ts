import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { efforts, type Intent } from '../../../lambda/canonical/request.ts';
import type { ContentBlock, ConverseRequest, Message } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { families, unknownFamily } from '../../../lambda/models/families/families.ts';
import { fit as fitTo } from '../../support/fit.ts';

const text = fc.oneof(fc.constantFrom('', ' ', '\n', 'Hello'), fc.string());
const point = fc.record(
  { type: fc.constant('default' as const), ttl: fc.constantFrom('5m' as const, '1h' as const) },
  { requiredKeys: ['type'] },
);
const cachePoint = fc.record({ cachePoint: point });
const ids = fc.constantFrom('t1', 't2', 't3');
const reasoning = fc.record({
  reasoningContent: fc.oneof(
    fc.record({
      reasoningText: fc.record({ text, signature: fc.constantFrom('c2ln', '') }, { requiredKeys: ['text'] }),
    }),
    fc.record({ redactedContent: fc.constant('cmVk') }),
  ),
});
const call = fc.record({
  toolUse: fc.record({ toolUseId: ids, name: fc.constant('look_up'), input: fc.constant({}) }),
});
const result = fc.record({
  toolResult: fc.record({ toolUseId: ids, content: fc.array(fc.record({ text })) }),
});
const document = fc.constant({
  document: { name: 'report', format: 'txt', source: { bytes: 'SGVsbG8=' } },
});
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    content: fc.array(
      fc.oneof(fc.record({ text }), cachePoint, result, document) as fc.Arbitrary<ContentBlock>,
    ),
  }),
  fc.record({
    role: fc.constant('assistant' as const),
    content: fc.array(
      fc.oneof(fc.record({ text }), cachePoint, reasoning, call) as fc.Arbitrary<ContentBlock>,
    ),
  }),
);
const tool = fc.constant({
  toolSpec: { name: 'look_up', description: 'Looks up', inputSchema: { json: { type: 'object' } } },
});
const converse: fc.Arbitrary<ConverseRequest> = fc.record(
  {
    messages: fc.array(message, { minLength: 1, maxLength: 8 }),
    system: fc.array(fc.oneof(fc.record({ text }), cachePoint), { maxLength: 4 }),
    toolConfig: fc.record(
      {
        tools: fc.tuple(tool, cachePoint),
        toolChoice: fc.constantFrom({ auto: {} }, { any: {} }, { tool: { name: 'look_up' } }),
      },
      { requiredKeys: ['tools'] },
    ),
    inferenceConfig: fc.record(
      {
        maxTokens: fc.integer({ min: 1, max: 300_000 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        stopSequences: fc.array(text, { maxLength: 4 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['messages'] },
);
const thinking = fc.oneof(
  fc.record({ type: fc.constant('enabled'), budget_tokens: fc.integer({ min: 1, max: 200_000 }) }),
  fc.record({ type: fc.constantFrom('adaptive', 'disabled') }),
);
const intent: fc.Arbitrary<Intent> = fc.record(
  {
    reasoning: fc.record(
      { effort: fc.constantFrom(...efforts), budgetTokens: fc.integer({ min: 1, max: 200_000 }), thinking },
      { requiredKeys: [] },
    ),
    topK: fc.nat(),
    cacheMode: fc.constant('auto' as const),
    anthropicBeta: fc.constant(['context-1m-2025-08-07']),
  },
  { requiredKeys: [] },
);
const all = [...families, unknownFamily];

/** Fits random requests to random families; a 400 that the client deserves is no failure. */
function always(holds: (fitted: Fitted) => void) {
  fc.assert(
    fc.property(fc.constantFrom(...all), converse, intent, ({ capabilities }, given, wants) => {
      const input = frozen({ model: 'm', converse: given, intent: wants });
      try {
        holds({ ...fitTo(input, capabilities), capabilities });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        expect(error.status).toBe(400);
      }
    }),
    { numRuns: 500 },
  );
}

/** Whoever changes the client's request, or anything in it, throws a TypeError. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
type Fitted = ReturnType<typeof fitTo> & { capabilities: (typeof all)[number]['capabilities'] };

const lists = ({ toolConfig, system, messages }: ConverseRequest): object[][] => [
  toolConfig?.tools ?? [],
  system ?? [],
  ...messages.map(({ content }) => content),
];
const pointsOf = (request: ConverseRequest) =>
  lists(request).flatMap((list) =>
    list.flatMap((block) => ('cachePoint' in block ? [block.cachePoint] : [])),
  );

describe('whatever the client asks, for every family', () => {
  test('cache points: none where refused, at most four, 1h before 5m, none at the head of a list', () => {
    always(({ request, capabilities }) => {
      const points = pointsOf(request) as { ttl?: string }[];
      expect(points.length).toBeLessThanOrEqual(capabilities.caching ? 4 : 0);
      const longs = points.map(({ ttl }) => ttl === '1h');
      expect(longs).toEqual(longs.toSorted((a, b) => Number(b) - Number(a)));
      if (!capabilities.caching?.ttl1h) expect(points.filter(({ ttl }) => ttl)).toEqual([]);
      for (const list of lists(request)) {
        list.forEach((block, i) => {
          if (!('cachePoint' in block)) return;
          expect(i).toBeGreaterThan(0);
          const before = list[i - 1]!;
          for (const kind of ['cachePoint', 'document', 'video', 'reasoningContent'])
            expect(before).not.toHaveProperty(kind);
        });
      }
    });
  });

  test('sampling and limits stay within what the model takes', () => {
    always(({ request, capabilities }) => {
      const { temperature, topP, maxTokens, stopSequences } = request.inferenceConfig ?? {};
      expect(temperature ?? 0).toBeLessThanOrEqual(1);
      if (capabilities.refusesSampling) expect([temperature, topP]).toEqual([undefined, undefined]);
      if (capabilities.temperatureXorTopP) expect([temperature, topP]).toContain(undefined);
      expect(maxTokens ?? 1).toBeGreaterThanOrEqual(1);
      expect(maxTokens ?? 1).toBeLessThanOrEqual(capabilities.maxOutputTokens ?? Number.POSITIVE_INFINITY);
      expect(stopSequences ?? []).not.toContain('');
    });
  });

  test('thinking has the form the model takes and room in max_tokens', () => {
    always(({ request, capabilities }) => {
      const fields = request.additionalModelRequestFields ?? {};
      const asked = fields.thinking as { type: string; budget_tokens?: number } | undefined;
      const { kind } = capabilities.reasoning;
      if (kind === 'none' || kind === 'nova') expect(asked).toBeUndefined();
      if (kind === 'budget') expect(['enabled', 'disabled', undefined]).toContain(asked?.type);
      if (kind === 'adaptive' && !capabilities.reasoning.budgetToo) expect(asked?.type).not.toBe('enabled');
      if (asked?.budget_tokens !== undefined) {
        expect(asked.budget_tokens).toBeGreaterThanOrEqual(1024);
        expect(request.inferenceConfig?.maxTokens).toBeGreaterThan(asked.budget_tokens);
      }
    });
  });

  test('reasoning in the history is signed or redacted, and only where it may be replayed', () => {
    always(({ request, capabilities }) => {
      const blocks = request.messages.flatMap(({ content }) => content);
      for (const block of blocks) {
        if (!('reasoningContent' in block)) continue;
        const { reasoningText, redactedContent } = block.reasoningContent;
        expect(capabilities.reasoningReplay).not.toBe(false);
        if (!redactedContent) expect(capabilities.reasoningReplay).toBe(true);
        expect(reasoningText?.signature || redactedContent).toBeTruthy();
      }
    });
  });

  test('fitting a fitted request again changes nothing', () => {
    always(({ request, capabilities }) => {
      if (request.outputConfig) return;
      const again = fitTo({ model: 'm', converse: request, intent: {} }, capabilities);
      expect(again.request).toEqual(request);
    });
  });
});
