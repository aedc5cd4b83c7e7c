import { anything, count, text, texts } from '../body-schema.ts';
import { fromPrompt, type NativeFormat } from '../native-format.ts';

const reasons: Record<string, string> = { max_tokens: 'MAX_TOKENS', stop_sequence: 'STOP_SEQUENCE' };
const reasonOf = (stopReason: string) => reasons[stopReason] ?? 'COMPLETE';
const common = {
  max_tokens: count,
  temperature: { type: 'Number', minimum: 0, maximum: 5 },
  p: { type: 'Number', minimum: 0, maximum: 1 },
  k: { type: 'Number', minimum: 0, maximum: 500 },
  stop_sequences: texts,
} as const;

interface CommandBody {
  prompt: string;
  max_tokens?: number;
  stop_sequences?: string[];
}

interface CommandRBody {
  message: string;
  chat_history?: object[];
  max_tokens?: number;
  stop_sequences?: string[];
}

export const command: NativeFormat<CommandBody> = {
  schema: {
    type: 'JSONObject',
    members: {
      ...common,
      prompt: text,
      stream: { type: 'Boolean' },
      num_generations: count,
      return_likelihoods: text,
      truncate: text,
    },
    required: ['prompt'],
  },
  read: ({ prompt, max_tokens, stop_sequences }) =>
    fromPrompt(prompt, { maxTokens: max_tokens ?? 20, stopSequences: stop_sequences }),
  answer: ({ id, text: said, stopReason }, { prompt }) => ({
    id,
    generations: [{ id, text: said, finish_reason: reasonOf(stopReason) }],
    prompt,
  }),
  *chunks({ stopReason }, words) {
    for (const word of words) yield { index: 0, is_finished: false, text: word };
    yield { finish_reason: reasonOf(stopReason), is_finished: true };
  },
};

export const commandR: NativeFormat<CommandRBody> = {
  schema: {
    type: 'JSONObject',
    members: { ...common, message: text, chat_history: anything('JSONArray'), preamble: text },
    required: ['message'],
  },
  read: ({ message, max_tokens, stop_sequences }) =>
    fromPrompt(message, { maxTokens: max_tokens, stopSequences: stop_sequences }),
  answer: ({ id, text: said, stopReason }, { message, chat_history = [] }) => ({
    response_id: id,
    text: said,
    generation_id: id,
    chat_history: [...chat_history, { role: 'USER', message }, { role: 'CHATBOT', message: said }],
    finish_reason: reasonOf(stopReason),
  }),
  *chunks(said, words, body) {
    for (const word of words) yield { event_type: 'text-generation', is_finished: false, text: word };
    const { finish_reason } = this.answer(said, body);
    yield { event_type: 'stream-end', is_finished: true, finish_reason, response: this.answer(said, body) };
  },
};
