import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { answers } from '../../support/answers.ts';

const delta = (contentBlockIndex: number, value: object): ConverseEvent =>
  ({ contentBlockDelta: { contentBlockIndex, delta: value } }) as ConverseEvent;
const stop: ConverseEvent = { messageStop: { stopReason: 'tool_use' } };

describe('fold and unfold', () => {
  it('gives back every answer that was unfolded', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(fold(unfold(answer))).toEqual(answer);
      }),
    );
  });

  it('tells text and reasoning without a contentBlockStart, as Bedrock does', () => {
    const events = unfold({
      output: { message: { role: 'assistant', content: [{ text: 'a' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    });
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
  });

  it('passes over blocks without a stream form', () => {
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    const answer = {
      output: {
        message: {
          role: 'assistant' as const,
          content: [{ guardContent: {} }, { reasoningContent: {} }, { citationsContent: {} }],
        },
      },
      stopReason: 'end_turn',
      usage,
    };
    expect(fold(unfold(answer)).output.message.content).toEqual([]);
  });

  it('parses tool input, keeps what was cut off, and reads none as {}', () => {
    const start = (contentBlockIndex: number): ConverseEvent => ({
      contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId: 't', name: 'f' } } },
    });
    const answer = fold([
      start(0),
      delta(0, { toolUse: { input: '' } }),
      delta(0, { toolUse: { input: '{"a"' } }),
      delta(0, { toolUse: { input: ':1}' } }),
      start(1),
      start(2),
      delta(2, { toolUse: { input: '{"a":' } }),
      stop,
    ]);
    const inputs = answer.output.message.content.map((block) => 'toolUse' in block && block.toolUse.input);
    expect(inputs).toEqual([{ a: 1 }, {}, '{"a":']);
  });

  it('passes over deltas that it does not know and marks missing counts as estimated', () => {
    const answer = fold([delta(0, { text: 'a' }), delta(0, { somethingNew: {} }), stop]);
    expect(answer.output.message.content).toEqual([{ text: 'a' }]);
    expect(answer.usage).toEqual({ inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true });
  });

  it('keeps citations that came without text', () => {
    const answer = fold([
      delta(0, { citation: { title: 't' } }),
      delta(0, { citation: { title: 'u' } }),
      stop,
    ]);
    expect(answer.output.message.content).toEqual([
      { citationsContent: { citations: [{ title: 't' }, { title: 'u' }] } },
    ]);
  });

  it('fails for a stream without messageStop', () => {
    expect(() => fold([delta(0, { text: 'half' })])).toThrow(expect.objectContaining({ status: 502 }));
  });
});
