import type { CallLog } from '../../../local/simulator/index.ts';

/** A thinking block as Anthropic's Messages spells it. */
export interface Thinking {
  type: 'thinking';
  thinking: string;
  signature: string;
}

/** A result as it reached the model. */
export interface SentResult {
  failed: boolean;
  text: string;
}

interface Block {
  type?: string;
  thinking?: string;
  signature?: string;
  is_error?: boolean;
  content?: unknown;
  reasoningContent?: { reasoningText?: { text: string; signature?: string } };
  toolResult?: { status?: string; content: unknown };
}

interface Message {
  role: string;
  content?: string | Block[] | null;
}

const chats = ['Converse', 'ConverseStream', 'InvokeModel', 'InvokeModelWithResponseStream'];

/** The calls that asked a model for an answer. */
export const chatCalls = (calls: readonly CallLog[]): CallLog[] =>
  calls.filter(({ operation = '' }) => chats.includes(operation));

/** The operations that were called, without repetitions. */
export const operationsOf = (calls: readonly CallLog[]): string[] => [
  ...new Set(chatCalls(calls).map(({ operation = '' }) => operation)),
];

/** What Bedrock refused, save models that were asleep. */
export const refusalsOf = (calls: readonly CallLog[]): string[] =>
  chatCalls(calls).flatMap(({ error }) => (error && error !== 'ModelNotReadyException' ? [error] : []));

function messagesOf({ body }: CallLog): Message[] {
  const { messages = [] } = (body ?? {}) as { messages?: Message[] };
  return messages;
}

const blocksOf = (call: CallLog): Block[] =>
  messagesOf(call).flatMap(({ content }) => (Array.isArray(content) ? content : []));

/** The signed reasoning in a call's history, of either operation, in its order. */
export const thinkingIn = (call: CallLog): Thinking[] =>
  blocksOf(call).flatMap(({ type, thinking = '', signature = '', reasoningContent }): Thinking[] => {
    if (type === 'thinking') return [{ type, thinking, signature }];
    const text = reasoningContent?.reasoningText;
    return text ? [{ type: 'thinking', thinking: text.text, signature: text.signature ?? '' }] : [];
  });

/**
 * The results of tools in a call's history, in its order. A model that knows no tools is told of them in the user's
 * words.
 */
export const resultsIn = (call: CallLog): SentResult[] => [
  ...blocksOf(call).flatMap(({ type, is_error, content, toolResult }) => {
    if (type === 'tool_result') return [resultOf(content, is_error)];
    return toolResult ? [resultOf(toolResult.content, toolResult.status === 'error')] : [];
  }),
  ...messagesOf(call).flatMap(({ content }) =>
    typeof content === 'string'
      ? [...content.matchAll(toldResult)].map(([text, outcome]) => ({ failed: outcome === 'Error', text }))
      : [],
  ),
];

const toldResult = /^(Result|Error) of the tool \S+:\n.*$/gm;

/** A model that takes no mark of a failure is told in words. */
function resultOf(content: unknown, failed = false): SentResult {
  const text = JSON.stringify(content);
  return { failed: failed || /^(\[\{"(type":"text",")?text":)?"Error\b/.test(text), text };
}

/** The names of the tools that a call offers. */
export function toolsIn({ body }: CallLog): string[] {
  const { tools = [], toolConfig } = (body ?? {}) as {
    tools?: { name: string }[];
    toolConfig?: { tools: { toolSpec?: { name: string } }[] };
  };
  return [
    ...tools.map(({ name }) => name),
    ...(toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []),
  ];
}
