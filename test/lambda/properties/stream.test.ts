import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChatEncoder } from '../../../lambda/apis/chat-completions/api.ts';
import type { Rendering } from '../../../lambda/apis/chat-completions/rendering.ts';
import { translateAnswers } from '../../../lambda/apis/chat-completions/response.ts';
import { streamAnswer } from '../../../lambda/apis/shared/stream-answer.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import { eventDecoder, readConverseEvent } from '../../../lambda/backends/stream/events.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ConverseEvent, EventBatches } from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { badRequest } from '../../../lambda/errors.ts';
import { withMember } from '../../../lambda/fields.ts';
import { encodeEvent } from '../../../local/simulator/event-stream.ts';
import { answers } from '../../support/answers.ts';
import { cuts, resplit } from '../../support/resplit.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';

const head = { id: 'chatcmpl-1', created: 1, model: 'm' };
const renderings: fc.Arbitrary<Rendering> = fc.record({
  tools: fc.record({ custom: fc.constant(new Set<string>()), legacy: fc.boolean() }),
  hideReasoning: fc.boolean(),
  trace: fc.boolean(),
  stateKey: fc.constant(deriveStateKey('properties')),
});

async function told(choices: EventBatches[], rendering: Rendering, includeUsage = true): Promise<string> {
  let sse = '';
  const stream = {
    opened: Promise.resolve({ choices: choices.map((events) => ({ events })), model: 'm' }),
    spell: withMember,
    encoder: new ChatEncoder(
      { requestId: '1', createdAt: 1000 },
      { n: choices.length, rendering, includeUsage },
    ),
    onError: () => {},
  };
  for await (const text of itemsOf(streamAnswer(stream))) sse += text;
  return sse;
}

function batches(events: readonly ConverseEvent[], size: number, fails = false): EventBatches {
  async function* sized() {
    for (let i = 0; i < events.length; i += size) yield events.slice(i, i + size);
    if (fails) throw badRequest('The model stopped.');
  }
  return sourceOf(sized());
}

interface Choice {
  index: number;
  delta: {
    role?: string;
    content?: string;
    tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
    thinking_blocks?: unknown[];
    reasoning_content?: string;
  };
  finish_reason: string | null;
}
interface Chunk {
  error?: object;
  choices?: Choice[];
  usage?: object | null;
}

function chunksOf(sse: string): { chunks: Chunk[]; done: boolean } {
  const data = sse.split('\n\n').filter((event) => event !== '');
  for (const line of data) expect(line.startsWith('data: ')).toBe(true);
  const done = data.at(-1) === 'data: [DONE]';
  const chunks = (done ? data.slice(0, -1) : data).map((line) => JSON.parse(line.slice(6)) as Chunk);
  return { chunks, done };
}

const choicesOf = (chunks: Chunk[]) => chunks.flatMap(({ choices = [] }) => choices);
const finishes = (chunks: Chunk[]) =>
  choicesOf(chunks).filter(({ finish_reason: reason }) => reason !== null);
const sizes = fc.integer({ min: 1, max: 9 });

describe('every stream', () => {
  test('says the same as the answer in one piece', async () => {
    await fc.assert(
      fc.asyncProperty(answers, renderings, cuts, sizes, async (answer, rendering, at, size) => {
        const events = resplit(unfold(answer), at);
        const { chunks, done } = chunksOf(await told([batches(events, size)], rendering));
        const [whole] = translateAnswers([fold(unfold(answer))], head, rendering).choices;
        const deltas = choicesOf(chunks).map(({ delta }) => delta);
        expect(done).toBe(true);
        expect(deltas.map(({ content }) => content ?? '').join('')).toBe(whole?.message.content ?? '');
        expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe(
          whole?.message.reasoning_content ?? '',
        );
        expect(finishes(chunks).map((choice) => choice.finish_reason)).toEqual([whole?.finish_reason]);
        const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
        const ids = calls.flatMap(({ id }) => (id === undefined ? [] : [id]));
        expect(ids).toEqual((whole?.message.tool_calls ?? []).map(({ id }) => id));
        expect(deltas.filter(({ role }) => role !== undefined)).toHaveLength(1);
        expect(deltas.filter((delta) => delta.thinking_blocks)).toEqual(
          whole?.message.thinking_blocks
            ? [expect.objectContaining({ thinking_blocks: whole.message.thinking_blocks })]
            : [],
        );
        expect(chunks.filter(({ usage }) => usage)).toEqual([expect.objectContaining({ choices: [] })]);
      }),
    );
  });

  test('counts tool calls from 0 without gaps, names each once, and its arguments are what was sent', async () => {
    await fc.assert(
      fc.asyncProperty(answers, renderings, sizes, async (answer, rendering, size) => {
        const { chunks } = chunksOf(await told([batches(unfold(answer), size)], rendering));
        const calls = new Map<number, { name: string; text: string }>();
        for (const { delta } of choicesOf(chunks)) {
          for (const call of delta.tool_calls ?? []) {
            if (call.id === undefined) calls.get(call.index)!.text += call.function.arguments;
            else {
              expect(call.index).toBe(calls.size);
              calls.set(call.index, { name: call.function.name!, text: call.function.arguments });
            }
          }
        }
        for (const { text } of calls.values()) expect(text).not.toBe('');
      }),
    );
  });

  test('ends in exactly one of finish or error, whatever breaks where, with any number of choices', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(answers, fc.boolean(), fc.nat(30)), { minLength: 1, maxLength: 3 }),
        renderings,
        sizes,
        async (given, rendering, size) => {
          const choices = given.map(([answer, fails, after]) => {
            const events = unfold(answer);
            // A stream that fails has not told its end.
            return batches(fails ? events.slice(0, Math.min(after, events.length - 2)) : events, size, fails);
          });
          const { chunks, done } = chunksOf(await told(choices, rendering));
          const failed = given.some(([, fails]) => fails);
          expect(chunks.filter(({ error }) => error)).toHaveLength(failed ? 1 : 0);
          expect(done).toBe(!failed);
          if (failed) expect(chunks.at(-1)).toHaveProperty('error');
          else
            expect(
              finishes(chunks)
                .map(({ index }) => index)
                .toSorted(),
            ).toEqual(given.map((_, i) => i));
        },
      ),
    );
  });

  test('is the same for any split of the bytes that Bedrock sends', async () => {
    const places = fc.array(fc.nat(5000), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(answers, renderings, places, async (answer, rendering, at) => {
        const body = Buffer.concat(unfold(answer).map(frameOf));
        expect(await told([arriving(body, at)], rendering)).toBe(await told([arriving(body, [])], rendering));
      }),
    );
  });
});

function frameOf(event: ConverseEvent): Buffer {
  const [[type, payload]] = Object.entries(event) as [[string, Record<string, unknown>]];
  return encodeEvent(type, payload);
}

/** The events of a body that arrives in pieces. */
function arriving(body: Buffer, places: readonly number[]): EventBatches {
  const decoder = eventDecoder(readConverseEvent, undefined);
  const ends = [...new Set(places.map((place) => place % body.length)), body.length].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  const parts = ends.map((to) => {
    const batch: ConverseEvent[] = [];
    decoder.push(body.subarray(from, to), batch);
    from = to;
    return batch;
  });
  decoder.end();
  return sourceOf(parts);
}
