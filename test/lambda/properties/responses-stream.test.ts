import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { ResponsesEncoder } from '../../../lambda/apis/responses/encoder.ts';
import type { CalledTool, Rendering } from '../../../lambda/apis/responses/rendering.ts';
import { writeResponse } from '../../../lambda/apis/responses/resource.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ConverseAnswer, ConverseEvent } from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { badRequest } from '../../../lambda/errors.ts';
import { answers } from '../../support/answers.ts';
import { cuts, resplit } from '../../support/resplit.ts';
import { eventsOf, foldResponse } from '../../support/responses-stream.ts';

const head = { requestId: 'req_0123456789abcdef0123456789abcdef', createdAt: 1000, now: () => 2000 };
const kinds = ['function', 'custom', 'tool_search', 'local_shell', 'shell', 'apply_patch'] as const;

/** Tools whose kind follows from their name, so that all kinds are called. */
const toolsOf = (among: readonly CalledTool['kind'][]): Rendering['tools'] => ({
  of: (name) => ({ kind: among[name.length % among.length]!, name }),
});
const renderings: fc.Arbitrary<Rendering> = fc.record({
  echo: fc.constant({ model: 'm', metadata: { a: 'b' } }),
  tools: fc.subarray([...kinds], { minLength: 1 }).map(toolsOf),
  stateKey: fc.constant(deriveStateKey('properties')),
  compaction: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  references: fc.boolean(),
});
const sizes = fc.integer({ min: 1, max: 9 });
/** With all reasons to stop. */
const endings: fc.Arbitrary<ConverseAnswer> = fc
  .tuple(
    answers,
    fc.constantFrom('guardrail_intervened', 'content_filtered', 'model_context_window_exceeded', ''),
  )
  .map(([answer, stopReason]) => (stopReason === '' ? answer : { ...answer, stopReason }));

function pushed(encoder: ResponsesEncoder, events: readonly ConverseEvent[], size: number): string {
  let sse = encoder.open('m');
  for (let i = 0; i < events.length; i += size) sse += encoder.push(events.slice(i, i + size));
  return sse;
}

function streamed(events: readonly ConverseEvent[], rendering: Rendering, size: number): string {
  const encoder = new ResponsesEncoder(head, rendering);
  return pushed(encoder, events, size) + encoder.end();
}

const asJson = (value: object) => JSON.parse(JSON.stringify(value)) as object;
const whole = (events: readonly ConverseEvent[], rendering: Rendering) =>
  asJson(writeResponse(fold(events), { ...head, model: 'm' }, rendering));

/** The same events with those of several blocks mixed: each block keeps its own order. */
function mixed(events: readonly ConverseEvent[], order: readonly number[]): ConverseEvent[] {
  const blocks = new Map<number, ConverseEvent[]>();
  const outside: ConverseEvent[] = [];
  for (const event of events) {
    const [value] = Object.values(event) as { contentBlockIndex?: number }[];
    const index = value?.contentBlockIndex;
    if (index === undefined) outside.push(event);
    else blocks.set(index, [...(blocks.get(index) ?? []), event]);
  }
  const queues = [...blocks.values()];
  const inside: ConverseEvent[] = [];
  for (let i = 0; queues.some((queue) => queue.length > 0); i += 1) {
    const left = queues.filter((queue) => queue.length > 0);
    inside.push(left[(order[i % order.length] ?? 0) % left.length]!.shift()!);
  }
  return [outside[0]!, ...inside, ...outside.slice(1)];
}

describe('every stream of Responses', () => {
  test('keeps the protocol and ends in the resource that the answer is in one piece', () => {
    fc.assert(
      fc.property(endings, renderings, cuts, sizes, (answer, rendering, at, size) => {
        const events = resplit(unfold(answer), at);
        const response = foldResponse(eventsOf(streamed(events, rendering, size)));
        expect(response).toEqual(whole(events, rendering));
      }),
    );
  });

  test('has one item at a time, in the order in which the blocks began, however they are mixed', () => {
    const orders = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(endings, renderings, orders, sizes, (answer, rendering, order, size) => {
        const events = mixed(unfold(answer), order);
        const response = foldResponse(eventsOf(streamed(events, rendering, size)));
        expect(response).toEqual(whole(events, rendering));
      }),
    );
  });

  test('is read by the client of OpenAI as the answer in one piece is', async () => {
    await fc.assert(
      fc.asyncProperty(endings, renderings, sizes, async (answer, rendering, size) => {
        const sse = streamed(unfold(answer), rendering, size);
        const headers = { 'content-type': 'text/event-stream' };
        const client = new OpenAI({ apiKey: 'k', fetch: async () => new Response(sse, { headers }) });
        const read = await client.responses.stream({ model: 'm', input: 'hi' }).finalResponse();
        expect(read).toMatchObject(writtenBySdk(whole(unfold(answer), rendering)));
      }),
      { numRuns: 30 },
    );
  });

  test('that fails ends in one failed response, and nothing claims success', () => {
    fc.assert(
      fc.property(answers, renderings, sizes, fc.nat(60), (answer, rendering, size, after) => {
        const encoder = new ResponsesEncoder(head, rendering);
        const sse = pushed(encoder, unfold(answer).slice(0, after), size);
        const response = foldResponse(eventsOf(sse + encoder.fail(badRequest('no'))));
        expect(response).toMatchObject({
          status: 'failed',
          error: { code: 'invalid_prompt', message: 'no' },
        });
      }),
    );
  });

  test('may be kept open anywhere, and before anybody answers', () => {
    fc.assert(
      fc.property(answers, renderings, fc.array(fc.nat(40)), (answer, rendering, beats) => {
        const encoder = new ResponsesEncoder(head, rendering);
        let sse = beats.includes(0) ? encoder.heartbeat() : '';
        sse += encoder.open('m');
        unfold(answer).forEach((event, i) => {
          sse += encoder.push([event]);
          if (beats.includes(i + 1)) sse += encoder.heartbeat();
        });
        const response = foldResponse(eventsOf(sse + encoder.end()));
        expect(response).toEqual(whole(unfold(answer), rendering));
      }),
    );
  });
});

/** The members that the client leaves as they are: what it parses it adds to. */
function writtenBySdk(response: object): object {
  const { output, ...members } = response as { output: { type: string; id: string }[] };
  return { ...members, output: output.map(({ type, id }) => ({ type, id })) };
}
