import { anything, text } from '../body-schema.ts';
import { fromPrompt, type NativeFormat } from '../native-format.ts';

const reasonOf = (stopReason: string) => (stopReason === 'max_tokens' ? 'LENGTH' : 'FINISH');

interface TitanBody {
  inputText: string;
  textGenerationConfig?: { maxTokenCount?: number; stopSequences?: string[] };
}

export const titanText: NativeFormat<TitanBody> = {
  schema: {
    type: 'JSONObject',
    members: { inputText: text, textGenerationConfig: anything('JSONObject') },
    required: ['inputText'],
  },
  read: ({ inputText, textGenerationConfig: { maxTokenCount, stopSequences } = {} }) =>
    fromPrompt(inputText, { maxTokens: maxTokenCount ?? 512, stopSequences }),
  answer: ({ text: outputText, inputTokens, outputTokens, stopReason }) => ({
    inputTextTokenCount: inputTokens,
    results: [{ tokenCount: outputTokens, outputText, completionReason: reasonOf(stopReason) }],
  }),
  // One chunk for the whole text is what most recorded streams have.
  *chunks({ text: outputText, inputTokens, outputTokens, stopReason }) {
    yield {
      outputText,
      index: 0,
      totalOutputTextTokenCount: outputTokens,
      completionReason: reasonOf(stopReason),
      inputTextTokenCount: inputTokens,
    };
  },
};
