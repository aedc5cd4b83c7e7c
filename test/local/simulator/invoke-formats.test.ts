import { describe, expect, test } from 'vitest';
import { AnswerReader } from '../../../lambda/backends/invoke/answer-reader.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import { deepseek } from '../../../local/simulator/invoke/formats/deepseek.ts';
import { bedrockCompletion, llama } from '../../../local/simulator/invoke/formats/llama.ts';
import { mistral } from '../../../local/simulator/invoke/formats/mistral.ts';
import { openAiChat, openAiCompletion } from '../../../local/simulator/invoke/formats/openai.ts';
import { qwen } from '../../../local/simulator/invoke/formats/qwen.ts';
import type { NativeFormat, Said } from '../../../local/simulator/invoke/native-format.ts';

const formats: Record<string, NativeFormat> = {
  deepseek,
  llama,
  bedrockCompletion,
  mistral,
  qwen,
  openAiChat,
  openAiCompletion,
};

const said = (stopReason: string): Said => ({
  text: 'Ahoy there.',
  calls: [],
  stopReason,
  stopSequence: null,
  inputTokens: 5,
  outputTokens: 3,
  id: 'id',
  modelId: 'model',
  created: 0,
});

function read(pieces: Iterable<unknown>) {
  const reader = new AnswerReader({ headers: {}, prompt: () => '', trimStart: true });
  const events = [...pieces].flatMap((piece) => reader.push(piece));
  return fold([...events, ...reader.end()]);
}

describe.each(Object.keys(formats))('what %s writes is read', (name) => {
  const format = formats[name]!;
  // Qwen of before November 2025 gives no reason to stop.
  const cutOff = name === 'qwen' ? 'end_turn' : 'max_tokens';

  test.each([
    ['end_turn', 'end_turn'],
    ['max_tokens', cutOff],
  ])('%s', (stopReason, expected) => {
    const whole = read([format.answer(said(stopReason), { prompt: '' })]);
    const parts = read(format.chunks(said(stopReason), ['Ahoy', ' there.'], { prompt: '' }));
    for (const answer of [whole, parts]) {
      expect(answer.output.message.content).toEqual([{ text: 'Ahoy there.' }]);
      expect(answer.stopReason).toBe(expected);
    }
  });
});

test('what a chat completion asks for is what Converse would be asked', () => {
  const body = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0=' } },
        ],
      },
      { role: 'assistant', content: null },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
    ],
    tools: [{ type: 'function', function: { name: 'look', description: 'Looks' } }],
    tool_choice: 'required',
    max_completion_tokens: 5,
    stop: ['x'],
    response_format: { json_schema: { name: 'out', schema: { type: 'object' } } },
  };
  expect(openAiChat.read(body)).toEqual({
    messages: [
      {
        role: 'user',
        content: [{ text: 'Look' }, { image: { format: 'png', source: { bytes: 'iVBORw0=' } } }],
      },
      { role: 'assistant', content: [] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ text: 'a cat' }] } }] },
    ],
    inferenceConfig: { maxTokens: 5, stopSequences: ['x'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 'look', description: 'Looks', inputSchema: { json: {} } } }],
      toolChoice: { any: {} },
    },
    outputConfig: {
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema: '{"type":"object"}', name: 'out' } },
      },
    },
  });
});
