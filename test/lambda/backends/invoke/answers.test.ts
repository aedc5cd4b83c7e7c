import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerReader } from '../../../../lambda/backends/invoke/answer-reader.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ConverseAnswer, JsonObject } from '../../../../lambda/canonical/types.ts';
import { goldenCases } from '../../../support/golden.ts';

interface Case {
  note: string;
  headers: Record<string, string>;
  body?: JsonObject;
  chunks?: JsonObject[];
  answer: ConverseAnswer;
}

function reader(headers = {}, trimStart = false) {
  return new AnswerReader({ headers, prompt: () => 'estimate me', trimStart });
}

describe('answers of every format', () => {
  for (const { name, case: golden } of goldenCases<Case>('invoke/answers')) {
    test(name, () => {
      const read = reader(golden.headers);
      const pieces = golden.chunks ?? [golden.body];
      const events = [...pieces.flatMap((piece) => read.push(piece)), ...read.end()];
      expect(fold(events)).toEqual(golden.answer);
      expect(events[0]).toEqual({ messageStart: { role: 'assistant' } });
      expect(read.foreign).toBe(false);
    });
  }
});

describe('streams', () => {
  test('nothing of the text is held back but what may be a control token', () => {
    const read = reader();
    const texts = ['Hello', ' <', 'b>', ' [DO', ' it]'].map((text) =>
      read
        .push({ generation: text })
        .flatMap((event) => ('contentBlockDelta' in event ? [event.contentBlockDelta.delta] : [])),
    );
    expect(texts).toEqual([
      [{ text: 'Hello' }],
      [{ text: ' ' }],
      [{ text: '<b>' }],
      [{ text: ' ' }],
      [{ text: '[DO it]' }],
    ]);
  });

  test('events come once: the stop with its chunk, the counts with the metrics', () => {
    const read = reader();
    read.push({ generation: 'Hi' });
    expect(read.push({ generation: '.', stop_reason: 'stop' })).toContainEqual({
      messageStop: { stopReason: 'end_turn' },
    });
    expect(read.stopped).toBe(true);
    const metrics = { inputTokenCount: 3, outputTokenCount: 2 };
    const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
    expect(read.push({ 'amazon-bedrock-invocationMetrics': metrics })).toEqual([{ metadata: { usage } }]);
    expect(read.push({ generation: 'after the end' })).toEqual([]);
    expect(read.end()).toEqual([]);
  });

  test('white space before the answer goes where the prompt ended with its frame', () => {
    const read = reader({}, true);
    const events = [
      ...read.push({ outputs: [{ text: ' ' }] }),
      ...read.push({ outputs: [{ text: ' Hi', stop_reason: 'stop' }] }),
    ];
    expect(fold(events).output.message.content).toEqual([{ text: 'Hi' }]);
  });

  test('what is no answer is foreign', () => {
    const read = reader();
    for (const value of [{ message: 'error' }, null, 'text', [], 7]) read.push(value);
    expect(read.foreign).toBe(true);
  });
});

test('a text reads the same however it is cut, with and without control tokens at its edges', () => {
  const edge = fc.constantFrom(
    '',
    '<|im_start|>assistant\n',
    '<|start_header_id|>assistant<|end_header_id|>\n\n',
  );
  const end = fc.constantFrom('', '<|im_end|>', '<|eot_id|>', '</s>\n', '<|im_end|>\n[DONE]');
  const text = fc.array(
    fc.constantFrom('a', 'word ', '<', '<|', '[', ']', '<|im_end|', '\n', 'é👩‍👩‍👧', 'x'),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(edge, text, end, fc.array(fc.nat(80), { maxLength: 8 }), (head, parts, tail, cuts) => {
      const said = `${parts.join('')}.`;
      const whole = `${head}${said}${tail}`;
      const at = [0, ...cuts.map((cut) => cut % whole.length), whole.length].sort((a, b) => a - b);
      const read = reader();
      const events = at.slice(1).flatMap((to, i) => read.push({ generation: whole.slice(at[i], to) }));
      const { content } = fold([...events, ...read.end()]).output.message;
      expect(content).toEqual([{ text: said }]);
    }),
  );
});
