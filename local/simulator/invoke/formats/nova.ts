import type { ConverseRequest } from '../../converse/request.ts';
import { anything, text } from '../body-schema.ts';
import type { NativeFormat, Said } from '../native-format.ts';

const usageOf = ({ inputTokens, outputTokens }: Said) => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  cacheReadInputTokenCount: 0,
  cacheWriteInputTokenCount: 0,
});

/** Nova speaks Converse's language on InvokeModel as well. */
export const nova: NativeFormat<ConverseRequest> = {
  schema: {
    type: 'JSONObject',
    members: {
      schemaVersion: text,
      system: anything('JSONArray'),
      messages: { type: 'JSONArray', minItems: 1, items: anything('JSONObject') },
      inferenceConfig: anything('JSONObject'),
      toolConfig: anything('JSONObject'),
    },
    required: ['messages'],
  },
  read: ({ messages, inferenceConfig }) => ({ messages, inferenceConfig }),
  answer: (said) => ({
    output: { message: { content: [{ text: said.text }], role: 'assistant' } },
    stopReason: said.stopReason,
    usage: usageOf(said),
  }),
  *chunks(said, words) {
    yield { messageStart: { role: 'assistant' } };
    for (const word of words) yield { contentBlockDelta: { delta: { text: word }, contentBlockIndex: 0 } };
    yield { contentBlockStop: { contentBlockIndex: 0 } };
    yield { messageStop: { stopReason: said.stopReason } };
    yield { metadata: { usage: usageOf(said), metrics: {}, trace: {} } };
  },
};
