import type { Message } from '../../converse/request.ts';
import { anything, count, text, texts } from '../body-schema.ts';
import { fromPrompt, type NativeFormat, type Said } from '../native-format.ts';

const usageOf = ({ inputTokens, outputTokens }: Said) => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
});

interface Turn {
  role: string;
  content: string | { text?: string }[];
}

interface MessagesBody {
  messages: Turn[];
  max_tokens: number;
  stop_sequences?: string[];
}

interface TextBody {
  prompt: string;
  max_tokens_to_sample: number;
  stop_sequences?: string[];
}

/** The Messages API, as far as a conversation of texts goes; tools are for Converse. */
export const claudeMessages: NativeFormat<MessagesBody> = {
  schema: {
    type: 'JSONObject',
    members: {
      anthropic_version: { type: 'String', enum: ['bedrock-2023-05-31'] },
      messages: { type: 'JSONArray', minItems: 1, items: anything('JSONObject') },
      max_tokens: count,
    },
    required: ['anthropic_version', 'messages', 'max_tokens'],
    open: true,
  },
  read: ({ messages, max_tokens, stop_sequences }) => ({
    messages: messages.map(turnOf),
    inferenceConfig: { maxTokens: max_tokens, stopSequences: stop_sequences },
  }),
  answer: (said) => ({
    id: `msg_bdrk_${said.id}`,
    type: 'message',
    role: 'assistant',
    model: said.modelId,
    content: [{ type: 'text', text: said.text }],
    stop_reason: said.stopReason,
    stop_sequence: said.stopSequence,
    usage: usageOf(said),
  }),
  *chunks(said, words, body) {
    const message = {
      ...this.answer(said, body),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usageOf(said), output_tokens: 1 },
    };
    yield { type: 'message_start', message };
    yield { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
    for (const word of words) {
      yield { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word } };
    }
    yield { type: 'content_block_stop', index: 0 };
    yield {
      type: 'message_delta',
      delta: { stop_reason: said.stopReason, stop_sequence: said.stopSequence },
      usage: { output_tokens: said.outputTokens },
    };
    yield { type: 'message_stop' };
  },
};

function turnOf({ role, content }: Turn): Message {
  const parts = typeof content === 'string' ? [{ text: content }] : content;
  return { role, content: parts.map(({ text: said }) => ({ text: said ?? '' })) };
}

const reasonOf = ({ stopReason }: Said) => (stopReason === 'max_tokens' ? 'max_tokens' : 'stop_sequence');
const stopOf = ({ stopReason, stopSequence }: Said) =>
  stopReason === 'max_tokens' ? null : (stopSequence ?? '\n\nHuman:');

/** Text completions of Claude 2 and Instant. */
export const claudeText: NativeFormat<TextBody> = {
  schema: {
    type: 'JSONObject',
    members: { prompt: text, max_tokens_to_sample: count, stop_sequences: texts },
    required: ['prompt', 'max_tokens_to_sample'],
    open: true,
  },
  read: ({ prompt, max_tokens_to_sample, stop_sequences }) =>
    fromPrompt(prompt, { maxTokens: max_tokens_to_sample, stopSequences: stop_sequences }),
  answer: (said) => ({
    type: 'completion',
    completion: ` ${said.text}`,
    stop_reason: reasonOf(said),
    stop: stopOf(said),
  }),
  *chunks(said, words) {
    for (const completion of words) yield { type: 'completion', completion, stop_reason: null, stop: null };
    yield { type: 'completion', completion: '', stop_reason: reasonOf(said), stop: stopOf(said) };
  },
};
