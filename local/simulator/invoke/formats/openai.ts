import type { ContentBlock, ConverseRequest, Message, Schema, Tool } from '../../converse/request.ts';
import { anything, count, text, texts } from '../body-schema.ts';
import type { NativeFormat, Said } from '../native-format.ts';
import { fromPrompt } from '../native-format.ts';

interface Limits {
  max_tokens?: number;
  max_completion_tokens?: number;
  stop?: string[];
}

interface CompletionBody extends Limits {
  prompt: string;
}

interface Part {
  text?: string;
  image_url?: { url: string };
}

interface ChatMessage {
  role: string;
  content: string | Part[] | null;
  tool_call_id?: string;
}

interface ChatBody extends Limits {
  messages: ChatMessage[];
  tools?: { function: { name: string; description?: string; parameters?: Schema } }[];
  tool_choice?: unknown;
  response_format?: { json_schema?: { schema?: Schema; name?: string } };
}

const common = {
  max_tokens: count,
  max_completion_tokens: count,
  temperature: { type: 'Number', minimum: 0, maximum: 2 },
  top_p: { type: 'Number', minimum: 0, maximum: 1 },
  stop: texts,
  response_format: anything('JSONObject'),
  structured_outputs: anything('JSONObject'),
  seed: { type: 'Integer' },
} as const;

const finishReasons: Record<string, string> = { max_tokens: 'length', tool_use: 'tool_calls' };
const finishOf = ({ stopReason }: Said) => finishReasons[stopReason] ?? 'stop';
const usageOf = ({ inputTokens, outputTokens }: Said) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});
const limitsOf = ({ max_tokens, max_completion_tokens, stop }: Limits) => ({
  maxTokens: max_completion_tokens ?? max_tokens,
  stopSequences: stop,
});

export const openAiCompletion: NativeFormat<CompletionBody> = {
  schema: { type: 'JSONObject', members: { ...common, prompt: text }, required: ['prompt'] },
  read: (body) => fromPrompt(body.prompt, limitsOf(body)),
  answer: (said) => ({
    id: `cmpl-${said.id}`,
    object: 'text_completion',
    created: said.created,
    model: said.modelId,
    choices: [{ index: 0, text: said.text, logprobs: null, finish_reason: finishOf(said) }],
    usage: usageOf(said),
  }),
  *chunks(said, words) {
    const head = {
      id: `cmpl-${said.id}`,
      object: 'text_completion',
      created: said.created,
      model: said.modelId,
    };
    for (const [index, word] of words.entries()) {
      const finish_reason = index === words.length - 1 ? finishOf(said) : null;
      yield { ...head, choices: [{ index: 0, text: word, logprobs: null, finish_reason }] };
    }
    yield { ...head, choices: [], usage: usageOf(said) };
  },
};

export const openAiChat: NativeFormat<ChatBody> = {
  schema: {
    type: 'JSONObject',
    members: {
      ...common,
      messages: { type: 'JSONArray', minItems: 1, items: anything('JSONObject') },
      tools: anything('JSONArray'),
      reasoning_effort: { type: 'String', enum: ['low', 'medium', 'high'] },
    },
    required: ['messages'],
    // `tool_choice` is a word or an object, and vLLM has many more.
    open: true,
  },
  read: (body) => ({
    messages: body.messages.map(turnOf).filter(({ role }) => role !== 'system'),
    inferenceConfig: limitsOf(body),
    ...toolsOf(body),
    ...schemaOf(body),
  }),
  answer: (said) => ({
    id: `chatcmpl-${said.id}`,
    object: 'chat.completion',
    created: said.created,
    model: said.modelId,
    choices: [{ index: 0, message: messageOf(said), finish_reason: finishOf(said), logprobs: null }],
    usage: usageOf(said),
  }),
  *chunks(said, words) {
    const head = {
      id: `chatcmpl-${said.id}`,
      object: 'chat.completion.chunk',
      created: said.created,
      model: said.modelId,
    };
    const delta = (value: object, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta: value, finish_reason }],
    });
    yield delta({ role: 'assistant', content: '' });
    for (const content of words) yield delta({ content });
    for (const [index, call] of said.calls.entries())
      yield delta({ tool_calls: [{ index, ...callOf(call) }] });
    yield delta({}, finishOf(said));
    yield { ...head, choices: [], usage: usageOf(said) };
  },
};

function messageOf(said: Said) {
  const tool_calls = said.calls.map(callOf);
  return {
    role: 'assistant',
    content: said.text === '' ? null : said.text,
    ...(tool_calls.length > 0 && { tool_calls }),
  };
}

const callOf = ({ id, name, input }: Said['calls'][number]) => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

function turnOf({ role, content, tool_call_id = '' }: ChatMessage): Message {
  if (role === 'tool') {
    const toolResult = { toolUseId: tool_call_id, content: [{ text: String(content) }] };
    return { role: 'user', content: [{ toolResult }] };
  }
  const parts: Part[] = typeof content === 'string' ? [{ text: content }] : (content ?? []);
  return { role, content: parts.map(blockOf) };
}

function blockOf({ text: said, image_url }: Part): ContentBlock {
  if (!image_url) return { text: said ?? '' };
  const [, format = 'png', bytes = ''] = /^data:image\/(\w+);base64,(.*)$/s.exec(image_url.url) ?? [];
  return { image: { format, source: { bytes } } };
}

function toolsOf({ tools, tool_choice }: ChatBody): Pick<ConverseRequest, 'toolConfig'> {
  if (!tools?.length) return {};
  const specs = tools.map(
    ({ function: { name, description, parameters } }): Tool => ({
      toolSpec: { name, description, inputSchema: { json: parameters ?? {} } },
    }),
  );
  return { toolConfig: { tools: specs, ...(tool_choice === 'required' && { toolChoice: { any: {} } }) } };
}

function schemaOf({ response_format }: ChatBody): Pick<ConverseRequest, 'outputConfig'> {
  const { schema, name } = response_format?.json_schema ?? {};
  if (!schema) return {};
  const structure = { jsonSchema: { schema: JSON.stringify(schema), name } };
  return { outputConfig: { textFormat: { type: 'json_schema', structure } } };
}
